"""A model as the page of models shows it: every word spelled out here, so that the table has nothing to work out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from playground.offers import Price
from playground.views import figures
from playground.views.balance_rows import day_words
from playground.views.makers import mark_of

# How a model is called: the word for it, its tone, its icon.
KINDS: dict[str, tuple[Any, str, str]] = {
    "chat": (lazy("Chat"), "plain", "message-square"),
    "responses": ("responses", "plain", "message-square-reply"),
    "messages": ("messages", "plain", "message-square-text"),
    "gemini": ("v1beta", "plain", "message-square-code"),
    "images": (lazy("Pictures"), "pink", "image"),
    "video": (lazy("Video"), "pink", "video"),
    "midjourney": ("Midjourney", "pink", "images"),
    "speech": (lazy("Speech"), "tool", "audio-lines"),
    "transcription": (lazy("Transcription"), "tool", "mic"),
    "embeddings": (lazy("Embeddings"), "teal", "binary"),
    "rerank": (lazy("Rerank"), "teal", "list-ordered"),
    "moderation": (lazy("Moderation"), "plain", "shield-check"),
    "completions": (lazy("Completions"), "plain", "text-cursor-input"),
}
# The operation that a model of that kind is tried with.
OPERATIONS = {
    "chat": "chat-stream",
    "responses": "gpt51-thinking",
    "messages": "claude-stream",
    "gemini": "gemini-stream",
    "images": "image-generate",
    "video": "video-create",
    "midjourney": "mj-imagine",
    "speech": "audio-speech",
    "transcription": "audio-transcribe",
    "embeddings": "embeddings",
    "rerank": "rerank",
}
# Gemini's models for pictures and speech have pages of their own.
_OWN_PAGES = (("-image", "gemini-image-generate"), ("-tts", "gemini-tts"))
NEW_FOR = timedelta(days=7)
# What a row needs of the database.
COLUMNS = ("name", "vendor", "kinds", "context", "price", "is_tiered", "since", "gone_at")


@dataclass(frozen=True, slots=True)
class KindBadge:
    """One way to call a model, and where that is tried."""

    word: Any
    tone: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One model in words."""

    name: str
    mark: str
    letter: str
    vendor: str
    kinds: list[KindBadge]
    context: str
    input: str
    output: str
    cached: str
    call: str
    call_unit: str
    note: str
    is_new: bool
    is_gone: bool
    changed: str
    url: str
    try_label: str


def row_of(model: Mapping[str, Any], key_id: str, fresh: "Fresh", zone: ZoneInfo, now: datetime) -> Row:
    """A model, given as its columns, in words."""
    price, is_gone = Price.of(model["price"]), model["gone_at"] is not None
    is_new = fresh.is_new(model)
    kinds = [_badge(kind, model["name"], key_id, is_gone) for kind in model["kinds"] if kind in KINDS]
    by_call = price is not None and price.call is not None and price.input is None
    return Row(
        name=model["name"],
        mark=mark_of(model["name"]),
        letter=(model["vendor"] or model["name"])[:1].upper(),
        vendor=model["vendor"] or figures.NOTHING,
        kinds=kinds,
        context=context_words(model["context"]),
        input=figures.price(price.input, price.unit) if price else figures.NOTHING,
        output=figures.price(price.output, price.unit) if price and not _only_reads(model) else figures.NOTHING,
        cached=figures.price(price.cached, price.unit) if price and not _only_reads(model) else figures.NOTHING,
        call=figures.price(price.call, price.unit) if price and by_call else "",
        call_unit=str(_call_unit(model["kinds"])) if by_call else "",
        note=_("depends on the call") if model["is_tiered"] else "",
        is_new=is_new,
        is_gone=is_gone,
        changed=_changed(model, is_new, zone, now),
        url=next((kind.url for kind in kinds if kind.url), ""),
        try_label=_("Try %(name)s") % {"name": model["name"]},
    )


@dataclass(frozen=True, slots=True)
class Fresh:
    """What counts as new on a shelf: what came after its first reading, for a week."""

    first_read_at: datetime | None
    now: datetime

    def is_new(self, model: Mapping[str, Any]) -> bool:
        """Whether a model is new there."""
        since: datetime = model["since"]
        is_later = self.first_read_at is not None and since > self.first_read_at
        return is_later and model["gone_at"] is None and self.now - since < NEW_FOR


def try_url(kind: str, name: str, key_id: str) -> str:
    """Where a model is tried: the builder with that operation and model in it; nothing where there is none."""
    operation = OPERATIONS.get(kind)
    if kind == "gemini":
        operation = next((page for sign, page in _OWN_PAGES if sign in name), operation)
    if kind == "embeddings" and name.startswith("gemini"):
        operation = "embeddings-gemini"
    return f"/?{urlencode({'operation': operation, 'model': name, 'key': key_id})}" if operation else ""


def context_words(context: int | None) -> str:
    """How much a model takes: `128k`, `1M`."""
    if not context:
        return figures.NOTHING
    if context >= 1_000_000:
        return f"{context / 1_000_000:.1f}".removesuffix(".0") + "M"
    return f"{round(context / 1000)}k" if context >= 1000 else str(context)


def sort_amount(model: Mapping[str, Any], name: str) -> tuple[bool, Decimal]:
    """What a model is ordered by: known amounts first, prices by the call after those by tokens."""
    price = Price.of(model["price"])
    told = getattr(price, name, None) if price else None
    return told is None, told if told is not None else Decimal(0)


def counted(models: Iterable[Mapping[str, Any]]) -> tuple[dict[str, int], dict[str, int]]:
    """How many models each vendor and each kind has."""
    vendors: dict[str, int] = {}
    kinds: dict[str, int] = {}
    for model in models:
        if model["vendor"]:
            vendors[model["vendor"]] = vendors.get(model["vendor"], 0) + 1
        for kind in model["kinds"]:
            kinds[kind] = kinds.get(kind, 0) + 1
    return vendors, kinds


def _badge(kind: str, name: str, key_id: str, is_gone: bool) -> KindBadge:
    word, tone, _icon = KINDS[kind]
    return KindBadge(word, tone, "" if is_gone else try_url(kind, name, key_id))


def _changed(model: Mapping[str, Any], is_new: bool, zone: ZoneInfo, now: datetime) -> str:
    """Since when a model is new or gone; nothing for all others."""
    if model["gone_at"] is not None:
        return _("Gone, %(day)s") % {"day": day_words(model["gone_at"], zone, now)}
    return _("New, %(day)s") % {"day": day_words(model["since"], zone, now)} if is_new else ""


def _only_reads(model: Mapping[str, Any]) -> bool:
    """Whether a model gives out no tokens, so that a price for them says nothing."""
    return bool(model["kinds"]) and set(model["kinds"]) <= {"embeddings", "rerank", "moderation", "gemini"} - (
        {"gemini"} if "embeddings" not in model["kinds"] else set()
    )


def _call_unit(kinds: Iterable[str]) -> Any:
    if "video" in kinds:
        return _("a second")
    return _("a picture") if "images" in kinds else _("a call")
