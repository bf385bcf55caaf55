"""How a model is called: as its gateway says it, else as its name lets one guess."""

import re
from collections.abc import Iterable
from typing import Any

KINDS = (
    "chat", "responses", "messages", "gemini", "images", "video", "speech", "transcription", "embeddings", "rerank",
    "moderation", "completions", "midjourney",
)  # fmt: skip

# The names that new-api gives to endpoints.
ENDPOINTS = {
    "openai": "chat",
    "openai-response": "responses",
    "openai-response-compact": "responses",
    "anthropic": "messages",
    "gemini": "gemini",
    "jina-rerank": "rerank",
    "image-generation": "images",
    "embeddings": "embeddings",
    "openai-video": "video",
}
# The modes that LiteLLM gives to models.
MODES = {
    "chat": "chat",
    "responses": "responses",
    "embedding": "embeddings",
    "rerank": "rerank",
    "image_generation": "images",
    "image_edit": "images",
    "audio_speech": "speech",
    "audio_transcription": "transcription",
    "video_generation": "video",
    "moderation": "moderation",
    "completion": "completions",
}
_NAMES = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"(^|[/_-])mj_|^mj-|midjourney", "midjourney"),
        (r"whisper|transcribe|asr|paraformer|sensevoice", "transcription"),
        (r"(^|[/_-])tts|-tts|speech|cosyvoice", "speech"),
        (r"rerank", "rerank"),
        (r"moderation", "moderation"),
        (r"embed|(^|[/_-])bge-|(^|[/_-])e5-|(^|[/_-])m3e", "embeddings"),
        (r"sora|veo|kling|hailuo|wan\d|seedance|runway|cogvideo|(^|[/_-])vidu", "video"),
        (r"gpt-image|dall-e|imagen|flux|stable-diffusion|(^|[/_-])sd\d|seedream|cogview|ideogram|recraft", "images"),
        (r"-instruct$|davinci-002|babbage-002", "completions"),
    )
)
# Some names that end like old completion models are chat models all the same.
_CHATTY = re.compile(r"qwen|llama|mistral|mixtral|deepseek|gemma|phi|kimi|glm|yi-|internlm")


def kinds_of(name: str, endpoints: Iterable[Any], *more: str) -> tuple[str, ...]:
    """How a model is called, in the order of KINDS.

    Gateways call everything "openai" that they pass on to such a vendor; where the name says better, the name counts.
    """
    told = {kind for endpoint in endpoints if isinstance(endpoint, str) and (kind := ENDPOINTS.get(endpoint))}
    told |= {kind for kind in more if kind}
    guess = guessed(name)
    if guess and told <= {"chat"} | {guess}:
        told = {guess}
    if guess in ("speech", "embeddings") and "gemini" in told:
        told -= {"chat"}
    return tuple(kind for kind in KINDS if kind in (told or {guess or "chat"}))


def guessed(name: str) -> str:
    """What the name alone says; nothing for the many that talk."""
    lower = name.lower()
    kind = next((kind for pattern, kind in _NAMES if pattern.search(lower)), "")
    return "" if kind == "completions" and _CHATTY.search(lower) else kind
