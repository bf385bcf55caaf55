"""How a listing is told: what is asked of a gateway, and how the answers become one list."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from playground.balances import Answered, NoBalance
from playground.balances.conversation import object_in, object_or_none
from playground.balances.status import data_of
from playground.offers import lists, new_api
from playground.offers.kinds import kinds_of
from playground.offers.makers import maker_of
from playground.offers.value import Offer, word

MOST_MODELS = 5000
MOST_PAGES = 10
# Kinds of gateways that have neither Gemini's path nor new-api's prices.
_PLAIN = ("openrouter", "litellm", "deepseek", "siliconflow", "moonshot")


@dataclass(frozen=True, slots=True)
class Ask:
    """One GET at the gateway; `auth` is how the key is spelled, `none` for what is the same for everybody."""

    path: str
    auth: str = "bearer"


@dataclass(frozen=True, slots=True)
class Listing:
    """What a gateway offers a key: the models by name, where the list and prices came from, the group they are for."""

    offers: tuple[Offer, ...]
    sources: tuple[str, ...]
    group: str = ""
    ratio: Decimal | None = None


Telling = Generator[Ask, Answered, Listing]

MODELS = Ask("/v1/models")
GEMINI = "/v1beta/models?pageSize=1000"
PRICING = Ask("/api/pricing", "none")
STATUS = Ask("/api/status", "none")
MODEL_INFO = Ask("/model/info")


def listing(kind: str) -> Telling:
    """Ask a gateway of that kind what it offers. Raises NoBalance, whose codes fit here too, when it tells no list."""
    listed = lists.openai(object_in((yield MODELS)))
    if listed is None:
        raise NoBalance("unreadable")
    offers, sources = {offer.name: offer for offer in listed[:MOST_MODELS]}, [MODELS.path]
    if kind == "litellm" and (said := object_or_none((yield MODEL_INFO))):
        _add_all(offers, lists.litellm(said))
        sources.append(MODEL_INFO.path)
    if kind in _PLAIN or any(offer.price for offer in listed):
        return Listing(_in_order(offers), tuple(sources))
    if (yield from _add_gemini(offers)):
        sources.append("/v1beta/models")
    group, ratio, has_prices = yield from _add_prices(offers)
    return Listing(_in_order(offers), (*sources, *((PRICING.path,) if has_prices else ())), group, ratio)


def _add_gemini(offers: dict[str, Offer]) -> Generator[Ask, Answered, bool]:
    """Gemini's own list, page by page; whether there is one."""
    token = ""
    for page in range(MOST_PAGES):
        said = object_or_none((yield Ask(f"{GEMINI}&pageToken={token}" if token else GEMINI, "x-goog-api-key")))
        if said is None or not isinstance(said.get("models"), list):
            return page > 0
        _add_all(offers, lists.gemini(said))
        token = _token(said.get("nextPageToken"))
        if not token:
            break
    return True


def _add_prices(offers: dict[str, Offer]) -> Generator[Ask, Answered, tuple[str, Decimal | None, bool]]:
    """new-api's prices for the models that the key may use; the group most of them are for."""
    said = object_or_none((yield PRICING))
    if said is None or not isinstance(said.get("data"), list):
        return "", None, False
    priced = new_api.prices_in(said, new_api.coin_of(data_of((yield STATUS))))
    for name in offers.keys() & priced.keys():
        offers[name] = _with_price(offers[name], priced[name])
    groups = {one.group: one.ratio for one in priced.values()}
    group = new_api.DEFAULT_GROUP if new_api.DEFAULT_GROUP in groups else next(iter(groups), "")
    return group, groups.get(group), True


def _with_price(offer: Offer, priced: new_api.Priced) -> Offer:
    return replace(
        offer,
        vendor=maker_of(offer.name, priced.vendor) or offer.vendor,
        kinds=kinds_of(offer.name, priced.endpoints, *offer.kinds) if priced.endpoints else offer.kinds,
        price=priced.price,
        is_tiered=priced.is_tiered,
    )


def _add_all(offers: dict[str, Offer], more: list[Offer]) -> None:
    """Put what another list knows to what is known; a model that only that one names is offered too."""
    for offer in more[:MOST_MODELS]:
        known = offers.get(offer.name)
        if known is not None:
            offers[offer.name] = _together(known, offer)
        elif len(offers) < MOST_MODELS:
            offers[offer.name] = replace(offer, vendor=maker_of(offer.name, offer.vendor))


def _together(known: Offer, other: Offer) -> Offer:
    """What two lists tell of a model. Gateways put every model on Gemini's list, which proves nothing of the others."""
    if other.kinds[:1] == ("gemini",) and not known.name.lower().startswith("gemini"):
        return known
    return replace(
        known,
        kinds=other.kinds if other.price else kinds_of(known.name, (), *known.kinds, *other.kinds),
        context=known.context or other.context,
        price=known.price or other.price,
    )


def _in_order(offers: dict[str, Offer]) -> tuple[Offer, ...]:
    return tuple(sorted(offers.values(), key=lambda offer: offer.name.lower()))


def _token(value: Any) -> str:
    token = word(value, 200)
    return token if token.replace("-", "").replace("_", "").replace("=", "").isalnum() else ""
