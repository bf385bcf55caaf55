"""The pretend model's English."""

from collections.abc import Sequence

from ..ask import Ask
from ..seed import Seed
from ..words import excerpt, word_count
from .composition import filled
from .sources import Source

SHORT_THINKING = "A short question."
_OPENINGS = (
    "You asked about **{topic}**. Here is what the sandbox makes of it.",
    "Let us look at **{topic}** together, step by step.",
    "**{topic}** – a good question for a pretend model.",
)
_SENTENCES = (
    "Every word of this answer was made on this machine, and no money was spent on it.",
    "Ask the same question again and the same words come back, in the same order.",
    "The pieces arrive one after another, so that you can watch how a page behaves while text streams.",
    "A real model would know more about the matter, but it would not be as patient.",
    "Change a parameter and send the request again to see what it does to the shape of the answer.",
    "Nothing here should be quoted as a fact, because it was written without knowing any.",
    "Numbers in the table were counted from what you sent, so they at least are true.",
    "When tools are offered one of them is called, and when a schema is given the answer obeys it.",
    "Longer answers like this one help to find out whether scrolling stays where the reader left it.",
    "The formula above holds for every prompt, however long or short it may be.",
)


def opening(ask: Ask, seed: Seed) -> str:
    """The first sentence."""
    topic = excerpt(ask.prompt).rstrip(".。?？!！") or "an empty prompt"
    return seed.dice("opening").choice(_OPENINGS).format(topic=topic)


def thinking(ask: Ask) -> str:
    """What is thought before the answer."""
    steps = [f"The person writes: “{excerpt(ask.prompt, 40)}”.", "First I see what is known, then what is asked."]
    if ask.attachments:
        steps.append(f"There are {len(ask.attachments)} attachments to look at.")
    if ask.results:
        steps.append("The tools have answered, so I can use what they found.")
    return " ".join([*steps, "A table, a piece of code and a formula will make it clear."])


def text(ask: Ask, sources: Sequence[Source], seed: Seed, wished: int | None) -> str:
    """The whole answer in Markdown."""
    parts = [opening(ask, seed)]
    if ask.results:
        parts.append("\n".join(f"The tool `{r.name}` answered `{excerpt(r.text, 120)}`." for r in ask.results[-3:]))
    if sources:
        parts.append(" ".join(source.sentence for source in sources))
    if ask.attachments:
        parts.append("What you sent along:\n\n" + "\n".join(f"- {a.described(False)}" for a in ask.attachments[:8]))
    parts += [_table(ask), _code(ask), _formula(ask)]
    return filled("\n\n".join(parts) + "\n\n", _SENTENCES, seed, wished, " ")


def _table(ask: Ask) -> str:
    rows = [("Letters in the prompt", len(ask.prompt)), ("Words in the prompt", word_count(ask.prompt))]
    rows += [("Turns so far", ask.turns), ("Attachments", len(ask.attachments)), ("Tools offered", len(ask.tools))]
    return "| What | How many |\n|---|---:|\n" + "\n".join(f"| {name} | {number} |" for name, number in rows)


def _code(ask: Ask) -> str:
    quoted = excerpt(ask.prompt, 40).replace('"', "'")
    return f'```python\nprompt = "{quoted}"\nprint(len(prompt.split()))\n```'


def _formula(ask: Ask) -> str:
    return f"$$n = \\sum_{{i=1}}^{{{max(1, ask.turns)}}} w_i = {word_count(ask.prompt)}$$"
