"""Who made a model: as the gateway says it, in one spelling, else as the model's name tells."""

import re
from functools import lru_cache

# How gateways spell the makers, and how people do.
SPELLED = {
    "ai21": "AI21",
    "alibaba": "Qwen",
    "amazon": "Amazon",
    "anthropic": "Anthropic",
    "azure": "OpenAI",
    "baai": "BAAI",
    "baidu": "Baidu",
    "bytedance": "Doubao",
    "cohere": "Cohere",
    "deepseek": "DeepSeek",
    "google": "Google",
    "jina": "Jina",
    "kling": "Kling",
    "meta-llama": "Meta",
    "midjourney": "Midjourney",
    "minimax": "MiniMax",
    "mistralai": "Mistral",
    "moonshot": "Moonshot",
    "moonshotai": "Moonshot",
    "openai": "OpenAI",
    "qwen": "Qwen",
    "vertex_ai": "Google",
    "gemini": "Google",
    "x-ai": "xAI",
    "xai": "xAI",
    "z-ai": "Zhipu",
    "zhipu": "Zhipu",
}
# What stands there when nobody is meant.
_NOBODY = {"", "custom", "system", "library", "unknown", "user", "openai_compatible", "openai-compatible"}
_NAMES = tuple(
    (re.compile(rf"(^|[/_-])({pattern})"), maker)
    for pattern, maker in (
        (r"gpt|chatgpt|o[1345](-|$)|dall-e|sora|whisper|tts-1|text-embedding-(3|ada)|omni-moderation|codex", "OpenAI"),
        (r"claude", "Anthropic"),
        (r"gemini|gemma|veo|imagen|nano-?banana", "Google"),
        (r"deepseek", "DeepSeek"),
        (r"qwen|qwq|wan\d|tongyi", "Qwen"),
        (r"doubao|seedream|seedance", "Doubao"),
        (r"glm|cogview|cogvideo|zhipu", "Zhipu"),
        (r"kimi|moonshot", "Moonshot"),
        (r"mistral|mixtral|codestral|magistral|devstral", "Mistral"),
        (r"grok", "xAI"),
        (r"llama", "Meta"),
        (r"mj_|mj-|midjourney", "Midjourney"),
        (r"jina", "Jina"),
        (r"minimax|abab|hailuo", "MiniMax"),
        (r"bge", "BAAI"),
        (r"command|rerank-", "Cohere"),
        (r"ernie", "Baidu"),
        (r"flux", "Black Forest Labs"),
        (r"kling", "Kling"),
        (r"suno", "Suno"),
    )
)


@lru_cache(maxsize=4096)
def maker_of(name: str, told: str) -> str:
    """The maker of a model, or nothing. What a gateway tells is believed, but gateways often tell only their channel."""
    spelled = told.strip().lower()
    known = SPELLED.get(spelled)
    if known is None or known == "OpenAI":
        lower = name.lower()
        by_name = next((maker for pattern, maker in _NAMES if pattern.search(lower)), "")
        if by_name:
            return by_name
    return known or ("" if spelled in _NOBODY else told.strip())
