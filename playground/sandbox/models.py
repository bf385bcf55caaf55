"""The shelf of models the sandbox offers, with their prices."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ratios:
    """Prices as new-api writes them: 1 is two dollars for a million tokens; `completion` multiplies for output."""

    model: float = 1.0
    completion: float = 4.0


@dataclass(frozen=True, slots=True)
class Model:
    """A model on the shelf. `price` is dollars a call where a model is not paid by tokens."""

    id: str
    owner: str
    endpoints: tuple[str, ...]
    ratios: Ratios = Ratios()
    price: float = 0.0


_CHAT = ("openai",)
_BOTH = ("openai", "openai-response")
_CLAUDE = ("anthropic", "openai")
_GEMINI = ("gemini", "openai")

SHELF: tuple[Model, ...] = (
    Model("gpt-4o-mini", "openai", _BOTH, Ratios(0.075, 4)),
    Model("gpt-4o", "openai", _BOTH, Ratios(1.25, 4)),
    Model("gpt-4.1-mini", "openai", _BOTH, Ratios(0.2, 4)),
    Model("gpt-4.1", "openai", _BOTH, Ratios(1, 4)),
    Model("gpt-5.1", "openai", _BOTH, Ratios(0.625, 8)),
    Model("gpt-5.1-codex", "openai", ("openai-response",), Ratios(0.625, 8)),
    Model("gpt-4o-audio-preview", "openai", _CHAT, Ratios(1.25, 4)),
    Model("gpt-4o-search-preview", "openai", _CHAT, Ratios(1.25, 4)),
    Model("gpt-3.5-turbo-instruct", "openai", _CHAT, Ratios(0.75, 1.33)),
    Model("claude-opus-4-5", "anthropic", _CLAUDE, Ratios(2.5, 5)),
    Model("claude-sonnet-4-5-20250929", "anthropic", _CLAUDE, Ratios(1.5, 5)),
    Model("claude-haiku-4-5", "anthropic", _CLAUDE, Ratios(0.5, 5)),
    Model("gemini-2.5-pro", "google", _GEMINI, Ratios(0.625, 8)),
    Model("gemini-2.5-flash", "google", _GEMINI, Ratios(0.15, 8.33)),
    Model("gemini-2.5-flash-image", "google", _GEMINI, Ratios(0.15, 100)),
    Model("gemini-2.5-flash-preview-tts", "google", ("gemini",), Ratios(0.25, 20)),
    Model("gemini-3-pro-preview", "google", _GEMINI, Ratios(1, 6)),
    Model("deepseek-chat", "deepseek", _CHAT, Ratios(0.135, 4)),
    Model("deepseek-reasoner", "deepseek", _CHAT, Ratios(0.275, 4)),
    Model("qwen3-max", "alibaba", _CHAT, Ratios(0.6, 5)),
    Model("text-embedding-3-small", "openai", ("embeddings",), Ratios(0.01, 1)),
    Model("text-embedding-3-large", "openai", ("embeddings",), Ratios(0.065, 1)),
    Model("gemini-embedding-001", "google", ("gemini", "embeddings"), Ratios(0.075, 1)),
    Model("bge-reranker-v2-m3", "baai", ("jina-rerank",), Ratios(0.01, 1)),
    Model("omni-moderation-latest", "openai", _CHAT, Ratios(0, 1)),
    Model("gpt-image-1", "openai", ("image-generation",), price=0.04),
    Model("dall-e-3", "openai", ("image-generation",), price=0.04),
    Model("sora-2", "openai", ("openai-video", "openai"), price=0.1),
    Model("whisper-1", "openai", _CHAT, price=0.006),
    Model("gpt-4o-transcribe", "openai", _CHAT, Ratios(1.25, 4)),
    Model("tts-1", "openai", _CHAT, Ratios(7.5, 1)),
    Model("gpt-4o-mini-tts", "openai", _CHAT, Ratios(0.3, 20)),
    Model("mj_imagine", "midjourney", _CHAT, price=0.1),
)
BY_ID = {model.id: model for model in SHELF}
_UNKNOWN = Ratios()


def ratios(model: str) -> Ratios:
    """The prices of a model; one that is not on the shelf has a price too."""
    found = BY_ID.get(model)
    return found.ratios if found else _UNKNOWN
