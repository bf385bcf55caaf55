"""The page of models: what the chosen key may use, what it costs, what is new or gone; and the same for scripts."""

import uuid
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import Any
from urllib.parse import urlencode

from asgiref.sync import async_to_sync
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import member_required
from accounts.models import Key, Role
from accounts.models.keys import KeyQuerySet
from accounts.prepared import Prepared
from accounts.requests import MemberRequest
from playground import shelf as story
from playground.models import Shelf, ShelfModel
from playground.views.balance_rows import REASONS
from playground.views.makers import mark_of
from playground.views.model_rows import COLUMNS, KINDS, Fresh, counted, row_of, sort_amount
from playground.views.run_rows import zone_of

ROWS_AT_ONCE = 100
MOST_VENDORS = 14
NEWS = ("new", "gone")

Model = dict[str, Any]

SORTS: dict[str, Callable[[Model], Any]] = {
    "name": lambda model: model["name"].lower(),
    "vendor": lambda model: (model["vendor"] == "", model["vendor"].lower(), model["name"].lower()),
    "context": lambda model: (model["context"] is None, model["context"] or 0, model["name"].lower()),
    "input": lambda model: (*sort_amount(model, "input"), model["name"].lower()),
    "output": lambda model: (*sort_amount(model, "output"), model["name"].lower()),
    "cached": lambda model: (*sort_amount(model, "cached"), model["name"].lower()),
}
HEADS = (
    ("name", lazy("Model"), ""),
    ("vendor", lazy("Vendor"), ""),
    ("", lazy("How it is called"), ""),
    ("context", lazy("Context"), "number"),
    ("input", lazy("Input"), "number"),
    ("output", lazy("Output"), "number"),
    ("cached", lazy("Cached input"), "number"),
    ("", "", ""),
)
# Why there is no list, where the words for balances do not fit.
NO_LIST = {
    "not_told": lazy("This gateway has no list of its models."),
    "gateway_failed": lazy("The gateway answered with an error of its own."),
    "unreadable": lazy("The gateway answered something that is no list of models."),
    "unreachable": lazy("The gateway cannot be reached."),
    "timeout": lazy("The gateway gave no answer in time."),
    "broken": lazy("The connection to the gateway broke."),
    "bad_answer": lazy("The gateway gave an answer that is not valid HTTP."),
    "over_limit": lazy("The gateway's list is larger than is read here."),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters and the order, as the address says them."""

    key: str
    q: str = ""
    vendor: str = ""
    kind: str = ""
    news: str = ""
    sort: str = "name"
    page: int = 1

    @classmethod
    def of(cls, request: MemberRequest, key: Key) -> "Asked":
        given = {
            name: request.GET.get(name, "").replace("\0", "").strip()
            for name in ("q", "vendor", "kind", "news", "sort")
        }
        page = request.GET.get("page", "")
        return cls(
            str(key.pk),
            given["q"][:200],
            given["vendor"][:80],
            given["kind"] if given["kind"] in KINDS else "",
            given["news"] if given["news"] in NEWS else "",
            given["sort"] if given["sort"].removeprefix("-") in SORTS else "name",
            int(page) if page.isdecimal() and 0 < int(page[:6]) < 10_000 else 1,
        )

    def query(self, **other: Any) -> str:
        """The address of the same question with something else in it, from its first page."""
        changed = replace(self, page=1, **other)
        told = {name: getattr(changed, name) for name in ("key", "q", "vendor", "kind", "news", "sort", "page")}
        return "?" + urlencode(
            {name: value for name, value in told.items() if value not in ("", 1) and (name, value) != ("sort", "name")}
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.vendor or self.kind or self.news)

    def fits(self, model: Model, fresh: Fresh) -> bool:
        """Whether a model is among those asked for. Those that are gone show where they are asked for, and in the whole."""
        if self.news == "new" and not fresh.is_new(model):
            return False
        if self.news == "gone" and model["gone_at"] is None:
            return False
        if self.vendor and model["vendor"] != self.vendor:
            return False
        if self.kind and self.kind not in model["kinds"]:
            return False
        words = self.q.lower().split()
        text = f"{model['name']} {model['vendor']} {' '.join(str(KINDS[kind][0]) for kind in model['kinds'] if kind in KINDS)}"
        return not words or all(word in text.lower() for word in words)


@require_safe
@gzip_page
@member_required
def models(request: MemberRequest) -> HttpResponse:
    """What the chosen key may use; the rows alone when a script asks for them."""
    keys = _KEYS(user=request.user.pk, team=request.team.pk)
    key = _chosen(request, keys)
    if key is None:
        return render(request, "models/page.html", {"keys": keys, "key": None})
    now, asked = timezone.now(), Asked.of(request, key)
    shelf = _shelf(key)
    fresh = Fresh(shelf.first_read_at if shelf else None, now)
    stock = _stock(key, shelf)
    found = _in_order([model for model in stock if asked.fits(model, fresh)], asked.sort)
    shown = found[(asked.page - 1) * ROWS_AT_ONCE : asked.page * ROWS_AT_ONCE]
    zone = zone_of(request)
    context = {
        "keys": keys, "key": key, "shelf": shelf, "asked": asked,
        "rows": [row_of(model, str(key.pk), fresh, zone, now) for model in shown],
        "found": len(found), "is_first": asked.page == 1,
        "more": f"{asked.query()}&page={asked.page + 1}" if len(found) > asked.page * ROWS_AT_ONCE else "",
        **_around(request, asked, stock, shelf, fresh, now),
    }  # fmt: skip
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "models/page.html#rows" if asked.page > 1 else "models/page.html#list", context)
    return render(request, "models/page.html", context)


@require_POST
@member_required
def refresh(request: MemberRequest) -> HttpResponse:
    """Ask the gateway now what it offers the key."""
    key = _named(request, request.POST.get("key", ""))
    async_to_sync(story.read_shelf)(key.pk)
    address = f"{reverse('models')}?{urlencode({'key': key.pk})}"
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


@require_safe
@gzip_page
@member_required
def names(request: MemberRequest, id: uuid.UUID) -> HttpResponse:
    """The models of a key with their kinds and prices, for fields that complete and for estimates."""
    key = _named(request, str(id))
    shelf = _shelf(key)
    etag = _etag(key, shelf)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        there = [model for model in _stock(key, shelf) if model["gone_at"] is None]
        listed = [[model["name"], model["kinds"], model["price"]] for model in sorted(there, key=itemgetter("name"))]
        is_old = bool(shelf and shelf.code)
        response = JsonResponse({"models": listed, "read_at": shelf and shelf.read_at, "is_old": is_old})
    if etag:
        response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def _etag(key: Key, shelf: Shelf | None) -> str | None:
    """What changes when the names or their age do: the reading, whether the next one failed, what the key's owner allows."""
    if shelf is None or shelf.read_at is None:
        return None
    return f'"{shelf.read_at.timestamp():.6f}-{zlib.crc32(repr((key.allowed_models, bool(shelf.code))).encode()):x}"'


def _keys(user: int, team: int) -> KeyQuerySet:
    visible = Key.objects.visible_to(user, team).live()
    return visible.select_related("gateway").defer("secret", "former_secret").oldest_first()


_KEYS = Prepared(_keys, user=int, team=int)


def _chosen(request: MemberRequest, keys: list[Key]) -> Key | None:
    """The key the address names, else the one calls go out with."""
    if "key" in request.GET:
        return _named(request, request.GET["key"])
    chosen = request.membership.chosen_key_id
    return min(keys, key=lambda key: (key.pk != chosen, not key.is_default), default=None)


def _named(request: MemberRequest, id: str) -> Key:
    try:
        key: Key | None = _keys(request.user.pk, request.team.pk).filter(pk=uuid.UUID(id)).first()
    except ValueError:
        key = None
    if key is None:
        raise Http404
    return key


def _shelf(key: Key) -> Shelf | None:
    return Shelf.objects.filter(pk=key.pk).first()


def _stock(key: Key, shelf: Shelf | None) -> list[Model]:
    """All models of a shelf that the key's owner lets it be used for."""
    if shelf is None:
        return []
    rows = ShelfModel.objects.filter(shelf=shelf).values(*COLUMNS)
    return [row for row in rows if not key.allowed_models or key.allows_model(row["name"])]


def _in_order(found: list[Model], sort: str) -> list[Model]:
    """In the order asked for; what is not known stands last either way, and what is gone after what is there."""
    name = sort.removeprefix("-")
    ordered = sorted(found, key=SORTS[name])
    if sort.startswith("-"):
        unknown = [model for model in ordered if _is_unknown(model, name)]
        ordered = [model for model in reversed(ordered) if not _is_unknown(model, name)] + unknown
    return sorted(ordered, key=lambda model: model["gone_at"] is not None)


def _is_unknown(model: Model, name: str) -> bool:
    first = SORTS[name](model)
    return isinstance(first, tuple) and first[0] is True


def _around(
    request: MemberRequest, asked: Asked, stock: list[Model], shelf: Shelf | None, fresh: Fresh, now: datetime
) -> dict[str, Any]:
    """What stands around the rows: counts, filters, heads, how old it all is."""
    there = [model for model in stock if model["gone_at"] is None]
    vendors, kinds = counted(there)
    largest = sorted(vendors.items(), key=lambda one: (-one[1], one[0].lower()))
    samples = {model["vendor"]: model["name"] for model in reversed(there)}
    return {
        "count": len(there),
        "vendors": [
            {"name": name, "count": count, "mark": mark_of(samples[name]), "url": asked.query(vendor=name), "is_chosen": name == asked.vendor}
            for name, count in largest
        ],
        "most_vendors": MOST_VENDORS,
        "kinds": [
            {"name": name, "word": word, "icon": icon, "count": kinds[name], "url": asked.query(kind=name), "is_chosen": name == asked.kind}
            for name, (word, _tone, icon) in KINDS.items()
            if name in kinds
        ],
        "news": _news(asked, stock, fresh),
        "all_url": asked.query(vendor=""), "any_kind_url": asked.query(kind=""), "clear_url": asked.query(q="", vendor="", kind="", news=""),
        "heads": _heads(asked),
        "reason": _reason(shelf),
        "said": shelf.said if shelf and shelf.code and request.membership.is_at_least(Role.ADMIN) else "",
        "has_prices": any(model["price"] for model in there),
        "ratio": f"{shelf.ratio.normalize():f}" if shelf and shelf.ratio is not None else "",
        "is_unread": shelf is None or shelf.asked_at is None,
    }  # fmt: skip


def _news(asked: Asked, stock: list[Model], fresh: Fresh) -> list[dict[str, Any]]:
    counts = {
        "new": sum(fresh.is_new(model) for model in stock),
        "gone": sum(model["gone_at"] is not None for model in stock),
    }
    words = {"new": (_("New"), "sparkles"), "gone": (_("Gone"), "unlink")}
    return [
        {
            "name": name, "word": words[name][0], "icon": words[name][1], "count": counts[name],
            "url": asked.query(news="" if asked.news == name else name), "is_chosen": asked.news == name,
        }
        for name in NEWS
        if counts[name] or asked.news == name
    ]  # fmt: skip


def _heads(asked: Asked) -> list[dict[str, Any]]:
    heads = []
    for name, label, kind in HEADS:
        order = {name: "ascending", f"-{name}": "descending"}.get(asked.sort, "") if name else ""
        turned = f"-{name}" if order == "ascending" else name
        heads.append({"label": label, "kind": kind, "order": order, "url": asked.query(sort=turned) if name else ""})
    return heads


def _reason(shelf: Shelf | None) -> Any:
    if shelf is None or not shelf.code:
        return ""
    return NO_LIST.get(shelf.code) or REASONS.get(shelf.code) or _("The gateway told no list.")
