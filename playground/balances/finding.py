"""Which kind a gateway is: known by its host, or found by asking, the cheapest questions first."""

from collections.abc import Callable, Generator, Mapping
from urllib.parse import urlsplit

from playground.balances import billing, deepseek, litellm, moonshot, new_api, openrouter, siliconflow, status
from playground.balances.conversation import Answered, Ask, Facts, Reading, Telling, Told
from playground.balances.value import NoBalance

PLAIN = "openai"
# The sandbox pretends to be new-api.
_SAME = {"sandbox": "new-api"}

_READINGS: dict[str, Callable[[Facts], Reading]] = {
    "new-api": new_api.reading,
    "one-api": billing.reading,
    "openrouter": openrouter.reading,
    "litellm": litellm.reading,
    "deepseek": deepseek.reading,
    "siliconflow": siliconflow.reading,
    "moonshot": moonshot.reading,
}
KINDS = (*_READINGS, PLAIN)

_HOSTS = {
    "openrouter.ai": "openrouter",
    "api.deepseek.com": "deepseek",
    "api.siliconflow.cn": "siliconflow",
    "api.siliconflow.com": "siliconflow",
    "api.moonshot.cn": "moonshot",
    "api.moonshot.ai": "moonshot",
    "api.openai.com": PLAIN,
    "api.anthropic.com": PLAIN,
    "generativelanguage.googleapis.com": PLAIN,
}
# Asked in this order where nothing is known; new-api and one-api come before, by their open `/api/status`.
_TRIED = ("openrouter", "litellm", "deepseek", "siliconflow", "moonshot", "one-api")
# Why a path that exists refuses: its kind is known by that. Anything else may be the answer of another kind.
_KNOWN_BY = ("expired", "spent", "disabled", "rate_limited")


def telling(kind: str, base_url: str, before: Mapping[str, str] | None = None) -> Telling:
    """Read the balance at a gateway of `kind`; `unknown` is found out. `before` are the facts of the last reading."""
    place = urlsplit(base_url)
    facts = {**(before or {}), "host": place.hostname or ""}
    kind = _SAME.get(kind, kind)
    if kind not in KINDS:
        kind = _HOSTS.get(facts["host"], "unknown")
    told = _found(facts) if kind == "unknown" else _of(kind, facts)
    return _under(told, place.path.rstrip("/"))


def _of(kind: str, facts: Facts) -> Telling:
    try:
        if kind == PLAIN:
            raise NoBalance("no_figure")
        return Told(kind, (yield from _READINGS[kind](facts)))
    except NoBalance as reason:
        reason.kind = kind
        raise


def _found(facts: Facts) -> Telling:
    found = yield from _one_of_the_family(facts)
    if found:
        return found
    refusals: list[NoBalance] = []
    for kind in _TRIED:
        try:
            return Told(kind, (yield from _READINGS[kind](facts)))
        except NoBalance as reason:
            if reason.code in _KNOWN_BY:
                reason.kind = kind
                raise
            refusals.append(reason)
    raise _sum_of(refusals)


def _sum_of(refusals: list[NoBalance]) -> NoBalance:
    """What it means that no path told: a gateway that is ill, a key refused everywhere, or one that tells no figures."""
    for reason in refusals:
        if reason.code == "gateway_failed":
            return reason
    if all(reason.code == "refused" for reason in refusals):
        return refusals[0]
    plain = NoBalance("no_figure")
    plain.kind = PLAIN
    return plain


def _one_of_the_family(facts: Facts) -> Generator[Ask, Answered, Told | None]:
    """new-api; or one-api, where `/api/status` answers but only the billing paths tell."""
    data = status.data_of((yield new_api.STATUS))
    try:
        usage = new_api.usage_in((yield new_api.USAGE))
    except NoBalance as reason:
        if reason.code in _KNOWN_BY or (data and reason.code == "refused"):
            reason.kind = "new-api"
            raise
        return (yield from _of("one-api", facts)) if data else None
    return Told("new-api", (yield from new_api.balance(usage, status.showing(data))))


def _under(told: Telling, path: str) -> Telling:
    """The same with paths that fit below a base URL that ends in `/api`, as OpenRouter's does."""
    if not path.endswith("/api"):
        return (yield from told)
    ask = next(told)
    while True:
        answer = yield Ask(ask.path.removeprefix("/api"), ask.open)
        try:
            ask = told.send(answer)
        except StopIteration as end:
            return end.value
