"""Keys that calls may go out with, and what they have left. Secrets are masks here too."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from django.db.models import Case, When
from django.utils.translation import gettext as _
from ninja import Router, Schema

from accounts.models import BalanceReading, BalanceStanding, Key
from playground.api.door import ProgramRequest, reads
from playground.api.problems import not_found, refusals
from playground.readings import balance_of

router = Router(tags=["keys"], auth=reads)


class KeyShape(Schema):
    """A key. `usable`: whether the token's person may send calls with it now."""

    id: UUID
    name: str
    mask: str
    gateway: str
    usable: bool
    is_default: bool
    is_chosen: bool
    switched_off: bool
    expires_at: datetime | None
    last_used_at: datetime | None
    allowed_models: list[str]
    allowed_operations: list[str]


class KeysShape(Schema):
    """All keys, the one that calls go out with first."""

    items: list[KeyShape]
    next: str | None = None


@router.get("", response={200: KeysShape, **refusals()}, summary="Keys, the default one first")
def keys(request: ProgramRequest) -> dict[str, Any]:
    """Every key the person may see: first the one their calls go out with when they name none, then other usable ones."""
    usable = set(Key.objects.usable_by(request.user, request.team).values_list("pk", flat=True))
    chosen = request.membership.chosen_key_id
    first = Case(When(pk__in=usable, pk=chosen, then=0), When(pk__in=usable, is_default=True, then=1), When(pk__in=usable, then=2), default=3)  # fmt: skip
    found = (
        Key.objects.visible_to(request.user, request.team).select_related("gateway").order_by(first, "created", "id")
    )
    return {"items": [_told(key, key.pk in usable, key.pk == chosen) for key in found], "next": None}


FRESH_SECONDS = 2


class BalanceShape(Schema):
    """What a key has left. Amounts are exact decimals, spelled as texts, in `unit`: a currency code, or `units`.

    `left` and `limit` are null where `unlimited`, and where the gateway tells no figure. `problem` is empty, or says why the
    gateway told nothing now; the figures are then the last it told, at `told_at`.
    """

    key: UUID
    unit: str
    left: str | None
    used: str | None
    limit: str | None
    unlimited: bool
    of: str
    binds: str
    period: str
    resets_at: datetime | None
    expires_at: datetime | None
    runs_out_at: datetime | None
    told_at: datetime | None
    asked_at: datetime | None
    problem: str
    said: str
    oddities: list[str]


@router.get("/{uuid:id}/balance", response={200: BalanceShape, **refusals(404)}, summary="What a key has left")
def balance(request: ProgramRequest, id: UUID) -> dict[str, Any]:
    """What the key's gateway tells; asked anew when the last answer is older than two seconds."""
    key = key_of(request, id)
    standing = async_to_sync(balance_of)(key, newer_than_seconds=FRESH_SECONDS)
    if standing is None:
        raise not_found(_("There is no such key."))
    return _balance(key, standing)


def _balance(key: Key, standing: BalanceStanding) -> dict[str, Any]:
    reading = standing.reading or BalanceReading(key=key)
    return {
        "key": key.pk,
        "unit": reading.unit,
        "left": _amount(reading.left),
        "used": _amount(reading.used),
        "limit": _amount(reading.limit),
        "unlimited": reading.unlimited,
        "of": reading.of,
        "binds": reading.binds,
        "period": reading.period,
        "resets_at": reading.resets_at,
        "expires_at": reading.expires_at,
        "runs_out_at": standing.runs_out_at,
        "told_at": standing.told_at,
        "asked_at": standing.asked_at,
        "problem": standing.code,
        "said": standing.said,
        "oddities": reading.oddities,
    }


def _amount(figure: Decimal | None) -> str | None:
    return None if figure is None else f"{figure.normalize():f}"


def key_of(request: ProgramRequest, id: UUID) -> Key:
    """The key of that id among those the person may see. Raises Problem."""
    visible = Key.objects.visible_to(request.user, request.team).select_related("gateway", "team")
    key = visible.filter(pk=id).first()
    if key is None:
        raise not_found(_("There is no such key."))
    return key


def _told(key: Key, usable: bool, chosen: bool) -> dict[str, Any]:
    return {
        "id": key.pk,
        "name": key.name,
        "mask": key.mask,
        "gateway": key.gateway.name,
        "usable": usable,
        "is_default": key.is_default,
        "is_chosen": chosen,
        "switched_off": key.is_switched_off,
        "expires_at": key.expires_at,
        "last_used_at": key.last_used_at,
        "allowed_models": key.allowed_models,
        "allowed_operations": key.allowed_operations,
    }
