"""How coding tools are pointed at the team's gateway."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import default_key
from accounts.doors import member_required
from accounts.models import Key
from playground import catalogue
from playground.catalogue.guide import SYSTEMS, Guide
from playground.catalogue.guide import guide as find_guide
from playground.views.workbench import base_url

NAMES = {"macos": "macOS", "linux": "Linux", "windows": "Windows"}


@require_safe
@member_required
def guide(request: HttpRequest, id: str) -> HttpResponse:
    """One tool: what to write where, with the address and name of the chosen key."""
    row, found = catalogue.find(id), find_guide(id)
    if row is None or found is None:
        raise Http404
    words = "en" if get_language() == "en" else "zh"
    system = _system(request)
    keys = Key.objects.usable_by(request.user, request.team).select_related("gateway").oldest_first()  # type: ignore[attr-defined, arg-type]
    key = _chosen(request, keys)
    filled = {"{{url}}": _root(request, key), "{{key}}": key.name if key else str(_("your key"))}
    context = {
        "id": id,
        "title": row.title[words],
        "purpose": row.purpose[words],
        "section": row.section[words],
        "guide": found,
        "address": _filled(found.address, filled),
        "systems": [{"id": each, "name": NAMES[each], "is_chosen": each == system} for each in SYSTEMS],
        "system": system,
        "keys": keys,
        "key": key,
        "steps": _steps(found, system, words, filled),
        "facts": sorted(
            ({"sure": fact.sure, "text": fact.words[words]} for fact in found.facts), key=lambda fact: not fact["sure"]
        ),
        "others": [
            {"id": other.id, "title": other.title[words]}
            for other in catalogue.operations()
            if other.kind == "guide" and other is not row
        ],
    }
    return render(request, "guides/page.html", context)


def _steps(found: Guide, system: str, words: str, filled: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "title": step.title[words],
            "text": _filled(step.text[words], filled) if step.text else "",
            "file": step.blocks[system].file,
            "content": _filled(step.blocks[system].content.rstrip("\n"), filled),
        }
        for step in found.steps
    ]


def _filled(text: str, filled: dict[str, str]) -> str:
    for place, value in filled.items():
        text = text.replace(place, value)
    return text


def _system(request: HttpRequest) -> str:
    """The system that was asked for, else the one the browser runs on."""
    asked = request.GET.get("system", "")
    if asked in SYSTEMS:
        return asked
    agent = request.headers.get("User-Agent", "")
    return "windows" if "Windows" in agent else "macos" if "Mac OS" in agent else "linux"


def _chosen(request: HttpRequest, keys: Any) -> Key | None:
    asked = request.GET.get("key")
    named = next((key for key in keys if str(key.pk) == asked), None)
    return named or default_key(request.user, request.team, "")  # type: ignore[attr-defined, arg-type]


def _root(request: HttpRequest, key: Key | None) -> str:
    return base_url(request, key.gateway) if key else request.build_absolute_uri("/sandbox")
