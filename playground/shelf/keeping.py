"""Keeping what a gateway offered: rows that changed, models that are new, models that are gone."""

import uuid
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Key
from playground.models.shelf import Shelf, ShelfModel, forget_prices
from playground.offers import Offer
from playground.shelf.asking import Outcome

# A model that is gone is shown for so long; after it nobody asks where it went.
GONE_SHOWN = timedelta(days=30)
LONGEST_PAUSE = timedelta(days=1)
_FIELDS = ("vendor", "kinds", "context", "price", "is_tiered", "gone_at", "since")


def keep(key_id: uuid.UUID, outcome: Outcome, at: datetime | None = None) -> Shelf | None:
    """Keep what came of asking for a key. None when the key is gone meanwhile."""
    now = at or timezone.now()
    with transaction.atomic():
        if not Key.objects.select_for_update().filter(pk=key_id).exists():
            return None
        shelf, _ = Shelf.objects.get_or_create(key_id=key_id)
        shelf.asked_at, shelf.code = now, outcome.code
        shelf.said = "".join(letter if letter.isprintable() else " " for letter in outcome.said)[:300]
        if outcome.listing is None:
            _not_told(shelf, outcome, now)
        else:
            _stock(shelf, outcome.listing.offers, now)
            shelf.sources, shelf.group = list(outcome.listing.sources), outcome.listing.group[:80]
            shelf.ratio = _storable(outcome.listing.ratio)
            shelf.first_read_at = shelf.first_read_at or now
            shelf.read_at, shelf.failures = now, 0
            shelf.next_at = now + timedelta(seconds=settings.MODELS_EVERY_SECONDS)
        shelf.save()
    forget_prices()
    return shelf


def _not_told(shelf: Shelf, outcome: Outcome, now: datetime) -> None:
    """What was on the shelf stays. Look again later each time."""
    shelf.failures = min(shelf.failures + 1, 100)
    pause = timedelta(seconds=settings.BALANCE_EVERY_SECONDS * 2 ** min(shelf.failures - 1, 10))
    wanted = timedelta(seconds=min(outcome.retry_after or 0, LONGEST_PAUSE.total_seconds()))
    shelf.next_at = now + max(min(pause, LONGEST_PAUSE), wanted)


def _stock(shelf: Shelf, offers: tuple[Offer, ...], now: datetime) -> None:
    there = {row.name: row for row in ShelfModel.objects.filter(shelf=shelf)}
    offered = {offer.name: offer for offer in offers}
    ShelfModel.objects.bulk_create([_row(shelf, offer, now) for name, offer in offered.items() if name not in there])
    changed = [there[name] for name, offer in offered.items() if name in there and _taken_over(there[name], offer, now)]
    gone = [row for name, row in there.items() if name not in offered and row.gone_at is None]
    for row in gone:
        row.gone_at = now
    ShelfModel.objects.bulk_update([*changed, *gone], _FIELDS, batch_size=500)
    ShelfModel.objects.filter(shelf=shelf, gone_at__lt=now - GONE_SHOWN).delete()


def _row(shelf: Shelf, offer: Offer, now: datetime) -> ShelfModel:
    return ShelfModel(shelf=shelf, name=offer.name, since=now, **_facts(offer))


def _taken_over(row: ShelfModel, offer: Offer, now: datetime) -> bool:
    """Put what an offer says into its row; whether that changed anything. One that comes back is new again."""
    facts = _facts(offer)
    came_back = row.gone_at is not None
    if not came_back and all(getattr(row, name) == value for name, value in facts.items()):
        return False
    for name, value in facts.items():
        setattr(row, name, value)
    if came_back:
        row.since, row.gone_at = now, None
    return True


def _facts(offer: Offer) -> dict[str, object]:
    return {
        "vendor": offer.vendor[:80], "kinds": list(offer.kinds), "context": offer.context,
        "price": offer.price.kept() if offer.price else None, "is_tiered": offer.is_tiered,
    }  # fmt: skip


def _storable(ratio: Decimal | None) -> Decimal | None:
    return None if ratio is None or ratio >= Decimal(10) ** 12 else ratio.quantize(Decimal("1e-6"))
