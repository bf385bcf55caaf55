"""The workbench: the catalogue, the request that is being written, its answer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import strip_spaces_between_tags
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from accounts.access import may, preferred, usable_keys
from accounts.doors import member_required
from accounts.models import Gateway, Key
from accounts.prepared import Prepared
from accounts.requests import MemberRequest
from playground import catalogue
from playground.catalogue import Operation, Parameter
from playground.models import Draft

FIRST_OPERATION = "full-chat"
PARTS_KEPT = 256
# What people look for first, in every dialect: as static/js/workbench/form/fields.js has it.
FIRST = ("model", "system", "instructions", "systemInstruction", "messages", "contents", "input", "prompt")
GROUPS = {
    "common": _("Common"),
    "sampling": _("Sampling"),
    "output": _("Output"),
    "tools": _("Tools"),
    "advanced": _("Advanced"),
}


@dataclass
class Folder:
    """A section of the document: its folders and rows in document order."""

    name: str
    entries: list[Any] = field(default_factory=list)
    is_open: bool = False
    is_folder: bool = True

    @property
    def count(self) -> int:
        """How many rows stand in it and below."""
        return sum(entry.count if isinstance(entry, Folder) else 1 for entry in self.entries)


@require_safe
@gzip_page
@member_required
def workbench(request: MemberRequest) -> HttpResponse:
    """The page with one operation laid out; the scripts swap in others without leaving it."""
    drafts = _DRAFTS(user=request.user.pk, team=request.team.pk)
    operation = _asked_for(request, drafts)
    language = _words(get_language() or "")
    keys = usable_keys(request.user, request.team)
    allowed = [key for key in keys if key.allows(operation.id, "")]
    default = preferred(allowed, request.membership.chosen_key_id)
    context = {
        "tree": _tree(operation, get_language() or ""),
        "preview": _preview(operation, get_language() or ""),
        "row_count": sum(row.kind == "operation" for row in catalogue.operations()),
        "operation": operation,
        "title": operation.title[language],
        "section": operation.section[language],
        "purpose": operation.purpose[language],
        "keys": [_key(request, key) for key in keys],
        "default_key": str(default.pk) if default else "",
        "base_url": base_url(request, default.gateway) if default else "",
        "has_draft": operation.id in drafts,
        "may_run": may(request.membership, "run", request.team),
    }
    return render(request, "workbench/page.html", context)


def _asked_for(request: MemberRequest, drafts: list[str]) -> Operation:
    """The operation the address names, else the one last worked on, else the full example."""
    found = catalogue.find(request.GET.get("operation", drafts[0] if drafts else FIRST_OPERATION))
    if found is None and "operation" in request.GET:
        raise Http404
    return found or catalogue.find(FIRST_OPERATION) or catalogue.operations()[0]


# The operations the person has drafts of, the last one written first.
_DRAFTS = Prepared(
    lambda user, team: (
        Draft.objects.visible_to(user).filter(team=team).order_by("-updated").values_list("operation", flat=True)
    ),
    user=int,
    team=int,
)


def _words(language: str) -> str:
    """Which of the catalogue's two languages a page in `language` shows."""
    return "en" if language == "en" else "zh"


@lru_cache(maxsize=PARTS_KEPT)
def _tree(operation: Operation, language: str) -> str:
    """The tree as HTML, folders open where the operation stands. It is the same for everybody, so it is drawn once."""
    root = Folder("")
    for row in catalogue.operations():
        place = root
        for name in row.section[_words(language)]:
            place = _folder(place, name)
            place.is_open |= row is operation
        place.entries.append(_leaf(row, _words(language)))
    tree = render_to_string("workbench/tree.html", {"entries": root.entries, "operation": operation})
    return mark_safe(strip_spaces_between_tags(tree.strip()))  # noqa: S308  the template has escaped it


@lru_cache(maxsize=PARTS_KEPT)
def _preview(operation: Operation, language: str) -> str:
    """What the form will show, to be read before it is there to be filled in."""
    preview = render_to_string("workbench/preview.html", {"groups": _groups(operation, _words(language))})
    return mark_safe(strip_spaces_between_tags(preview.strip()))  # noqa: S308  the template has escaped it


def _folder(place: Folder, name: str) -> Folder:
    for entry in place.entries:
        if isinstance(entry, Folder) and entry.name == name:
            return entry
    place.entries.append(Folder(name))
    return place.entries[-1]


@dataclass(frozen=True)
class Leaf:
    """One row of the tree: only what differs from a POST that may stream is marked."""

    id: str
    title: str
    kind: str
    is_get: bool
    always_streams: bool
    is_folder: bool = False


def _leaf(row: Operation, language: str) -> Leaf:
    return Leaf(row.id, row.title[language], row.kind, row.method == "GET", row.streaming == "sse")


def _groups(operation: Operation, language: str) -> list[dict[str, Any]]:
    parameters = [each for each in catalogue.parameters(operation).of("body") if "." not in each.name]
    parameters.sort(key=lambda each: FIRST.index(each.name) if each.name in FIRST else len(FIRST))
    named = [{"name": name, "rows": _rows(parameters, group, language)} for group, name in GROUPS.items()]
    return [group for group in named if group["rows"]]


def _rows(parameters: Iterable[Parameter], group: str, language: str) -> list[dict[str, str]]:
    return [
        {"name": each.name, "type": each.type.partition("<")[0].partition(":")[0], "meaning": getattr(each, language)}
        for each in parameters
        if each.group == group and not (each.newer or each.beta or each.gateway)
    ]


def _key(request: HttpRequest, key: Key) -> dict[str, str]:
    """What the page may know of a key: never its secret."""
    return {
        "id": str(key.pk),
        "name": key.name,
        "mask": key.mask,
        "gateway": key.gateway.name,
        "base_url": base_url(request, key.gateway),
    }


def base_url(request: HttpRequest, gateway: Gateway) -> str:
    """Where calls with a key of this gateway go; the sandbox is this server itself."""
    if gateway.kind == Gateway.Kind.SANDBOX:
        return request.build_absolute_uri("/sandbox")
    return gateway.base_url
