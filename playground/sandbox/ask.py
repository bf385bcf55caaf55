"""What a conversation asks for, whatever vendor's words it was asked in."""

from dataclasses import dataclass, field
from typing import Any, Literal

from .attachments import Attachment
from .seed import Seed

Choice = Literal["auto", "none", "forced"]


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool of the caller's. A custom one takes text instead of arguments."""

    name: str
    schema: dict[str, Any] = field(default_factory=dict)
    custom: bool = False


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool of the caller's gave back."""

    name: str
    text: str


@dataclass(slots=True)
class Ask:
    """One question to a model, with everything that shapes the answer.

    `answered` says that the conversation ends with tool results; `words` is how long the text shall be, None leaves it open;
    `schema` is what the text must obey as JSON; `limit` counts tokens.
    """

    seed: Seed
    prompt: str = ""
    instructions: str = ""
    turns: int = 0
    attachments: list[Attachment] = field(default_factory=list)
    results: list[ToolResult] = field(default_factory=list)
    answered: bool = False
    tools: list[Tool] = field(default_factory=list)
    choice: Choice = "auto"
    chosen: str = ""
    schema: dict[str, Any] | None = None
    thinks: bool = False
    searches: bool = False
    stops: list[str] = field(default_factory=list)
    limit: int | None = None
    words: int | None = None
    brief: bool = False
    input_tokens: int = 0
    cached: bool = False

    @property
    def tool(self) -> Tool | None:
        """The tool that will be called, if one will."""
        if not self.tools or self.choice == "none" or (self.answered and self.choice == "auto"):
            return None
        return next((tool for tool in self.tools if tool.name == self.chosen), self.tools[0])

    @property
    def cached_tokens(self) -> int:
        """How much of the input a prompt cache is said to have known."""
        return self.input_tokens // 2 if self.cached else 0
