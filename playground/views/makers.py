"""Who made a model, told by its name: the mark that stands beside it in lists."""

import re
from functools import lru_cache

# The first that fits, from the specific to the general. A maker without a mark of its own shows a letter.
MAKERS = (
    (
        r"sora|dall-e|gpt-image|whisper|tts-|gpt|chatgpt|o[1345](-|$)|text-embedding|codex|omni-moderation",
        "brand-openai",
    ),
    (r"claude", "brand-claude-color"),
    (r"nano-?banana", "brand-nanobanana-color"),
    (r"gemini|veo|imagen|gemma", "brand-gemini-color"),
    (r"deepseek", "brand-deepseek-color"),
    (r"qwen|qwq|wan\d|tongyi", "brand-qwen-color"),
    (r"kimi|moonshot", "brand-moonshot"),
    (r"mistral|mixtral|codestral", "brand-mistral-color"),
    (r"midjourney|^mj", "brand-midjourney"),
    (r"jina", "brand-jina"),
    (r"glm|zhipu|cogview|cogvideo", "brand-zhipu-color"),
    (r"doubao|seedream|seedance", "brand-doubao-color"),
    (r"minimax|abab|hailuo", "brand-minimax-color"),
    (r"grok", "brand-grok"),
    (r"bge|baai", "brand-baai"),
    (r"cohere|command-|rerank-(english|multilingual)", "brand-cohere-color"),
    (r"flux", "brand-flux"),
    (r"kling", "brand-kling"),
    (r"suno", "brand-suno"),
)
PATTERNS = tuple((re.compile(rf"(^|[/_-]){pattern}"), mark) for pattern, mark in MAKERS)


@lru_cache(maxsize=4096)
def mark_of(model: str) -> str:
    """The icon of the model's maker, or nothing when it is not known."""
    name = model.lower()
    return next((mark for pattern, mark in PATTERNS if pattern.search(name)), "")
