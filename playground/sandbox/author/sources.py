"""Pages a pretend web search finds, and where the text speaks of them."""

from dataclasses import dataclass

from ..ask import Ask
from ..words import excerpt, is_chinese


@dataclass(frozen=True, slots=True)
class Source:
    """A page that was found; `sentence` is what the text says after it."""

    title: str
    url: str
    sentence: str


def found(ask: Ask) -> list[Source]:
    """Two pages about the prompt."""
    topic = excerpt(ask.prompt, 24) or "sandbox"
    number = ask.seed.hex("page", 8)
    if is_chinese(ask.prompt):
        return [
            Source(f"{topic} - 示例新闻", f"https://example.com/news/{number}", f"示例新闻报道了“{topic}”的最新进展。"),
            Source(f"{topic} - 示例百科", f"https://example.org/wiki/{number}", f"示例百科整理了“{topic}”的背景。"),
        ]
    return [
        Source(
            f"{topic} - Example News", f"https://example.com/news/{number}", f"Example News reports on “{topic}” today."
        ),
        Source(
            f"{topic} - Example Wiki",
            f"https://example.org/wiki/{number}",
            f"Example Wiki explains what led to “{topic}”.",
        ),
    ]


def place_of(source: Source, text: str) -> tuple[int, int] | None:
    """Start and end of the sentence that rests on a source, in characters."""
    start = text.find(source.sentence)
    return None if start < 0 else (start, start + len(source.sentence))
