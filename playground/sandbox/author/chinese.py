"""The pretend model's Chinese."""

from collections.abc import Sequence

from ..ask import Ask
from ..seed import Seed
from ..words import excerpt
from .composition import filled
from .sources import Source

SHORT_THINKING = "问题很短。"
_OPENINGS = (
    "您问的是**{topic}**，沙盒这样看。",
    "我们一步一步来看**{topic}**。",
    "**{topic}**，这是个适合假想模型的好问题。",
)
_SENTENCES = (
    "这段回答的每个字都在本机生成，没有花一分钱。",
    "同样的问题再问一次，会得到一字不差的同样回答。",
    "内容一块接一块地到达，便于观察页面在流式输出时的表现。",
    "真正的模型对这个话题知道得更多，但没有这么有耐心。",
    "改动一个参数再发送一次，就能看到它对回答形状的影响。",
    "这里的话不能当作事实引用，因为写下它们时并不知道任何事实。",
    "表格里的数字是从您发来的内容数出来的，至少它们是真的。",
    "提供工具时会调用其中一个，给出结构时回答会遵守它。",
    "像这样较长的回答，可以检验滚动位置是否留在读者离开的地方。",
    "上面的公式对任何提示词都成立，不论它有多长或多短。",
)


def opening(ask: Ask, seed: Seed) -> str:
    """The first sentence."""
    topic = excerpt(ask.prompt).rstrip(".。?？!！") or "空白的提示词"
    return seed.dice("opening").choice(_OPENINGS).format(topic=topic)


def thinking(ask: Ask) -> str:
    """What is thought before the answer."""
    steps = [f"用户写道：“{excerpt(ask.prompt, 40)}”。", "先看已知什么，再看要求什么。"]
    if ask.attachments:
        steps.append(f"有 {len(ask.attachments)} 个附件要看。")
    if ask.results:
        steps.append("工具已经返回结果，可以直接使用。")
    return "".join([*steps, "用一张表、一段代码和一个公式就能说清楚。"])


def text(ask: Ask, sources: Sequence[Source], seed: Seed, wished: int | None) -> str:
    """The whole answer in Markdown."""
    parts = [opening(ask, seed)]
    if ask.results:
        parts.append("\n".join(f"工具 `{r.name}` 返回了 `{excerpt(r.text, 120)}`。" for r in ask.results[-3:]))
    if sources:
        parts.append("".join(source.sentence for source in sources))
    if ask.attachments:
        parts.append("您附带的内容：\n\n" + "\n".join(f"- {a.described(True)}" for a in ask.attachments[:8]))
    parts += [_table(ask), _code(ask), _formula(ask)]
    return filled("\n\n".join(parts) + "\n\n", _SENTENCES, seed, wished, "")


def _table(ask: Ask) -> str:
    rows = [("提示词字数", len(ask.prompt)), ("对话轮数", ask.turns)]
    rows += [("附件", len(ask.attachments)), ("可用工具", len(ask.tools))]
    return "| 项目 | 数量 |\n|---|---:|\n" + "\n".join(f"| {name} | {number} |" for name, number in rows)


def _code(ask: Ask) -> str:
    quoted = excerpt(ask.prompt, 40).replace('"', "'")
    return f'```python\nprompt = "{quoted}"\nprint(len(prompt))  # {len(quoted)}\n```'


def _formula(ask: Ask) -> str:
    return f"$$n = \\sum_{{i=1}}^{{{max(1, ask.turns)}}} w_i = {len(ask.prompt)}$$"
