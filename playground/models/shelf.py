"""What gateways offer each key: the models on its shelf with their prices, what is new there and what is gone."""

import time
from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, When
from django.utils import timezone

from accounts.models import Key
from playground.offers import Price

# How long a process believes a price before it looks again.
PRICE_KEPT_SECONDS = 60.0
MOST_PRICES_KEPT = 4096


class ShelfQuerySet(models.QuerySet["Shelf"]):
    def due(self, now: Any) -> "ShelfQuerySet":
        """Shelves whose time to be read again has come."""
        return self.filter(next_at__lte=now)


class Shelf(models.Model):
    """How the list of one key's models stands: when it was read, what came of asking last."""

    key = models.OneToOneField(Key, models.CASCADE, primary_key=True, related_name="shelf")
    # `read_at` is the last time that a list was told, `asked_at` the last time that it was asked for; `code` is empty
    # when both are the same, else it says why there was none (as with balances).
    asked_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    first_read_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=24, blank=True, default="")
    said = models.CharField(max_length=300, blank=True, default="")
    sources = ArrayField(models.CharField(max_length=80), default=list)
    # The gateway's group that prices are for, and its ratio; empty where it has no groups.
    group = models.CharField(max_length=80, blank=True, default="")
    ratio = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    next_at = models.DateTimeField(default=timezone.now)
    failures = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[ShelfQuerySet] = ShelfQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="shelf_next")]

    def __str__(self) -> str:
        return f"{self.key_id} {self.code or 'told'}"


class ShelfModelQuerySet(models.QuerySet["ShelfModel"]):
    def there(self) -> "ShelfModelQuerySet":
        """Models that were offered at the last reading."""
        return self.filter(gone_at=None)


class ShelfModel(models.Model):
    """One model on the shelf of one key. One that is offered no longer stays for a while, with the time it went."""

    shelf = models.ForeignKey(Shelf, models.CASCADE, related_name="models", db_index=False)
    name = models.CharField(max_length=200)
    vendor = models.CharField(max_length=80, blank=True, default="")
    kinds = ArrayField(models.CharField(max_length=16), default=list)
    context = models.IntegerField(null=True)
    price = models.JSONField(null=True, help_text="amounts as text, with their unit; see playground.offers.Price")
    is_tiered = models.BooleanField(default=False)
    # When it was first seen, and when it was found gone.
    since = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    objects: ClassVar[ShelfModelQuerySet] = ShelfModelQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shelf", "name"], name="one_model_of_a_name")]

    def __str__(self) -> str:
        return self.name


def price_for(key: Key, model: str) -> Price | None:
    """What a model costs with a key: as its own shelf says, else as that of another key of the team at the same gateway.

    Asked for at each start of a run; what was found is believed for a minute.
    """
    if not model:
        return None
    place, now = (str(key.pk), model), time.monotonic()
    kept = _prices.get(place)
    if kept is None or kept[0] < now:
        if len(_prices) >= MOST_PRICES_KEPT:
            _prices.clear()
        kept = _prices[place] = (now + PRICE_KEPT_SECONDS, _price_of(key, model))
    return kept[1]


def forget_prices() -> None:
    """A shelf was read: look at the prices again."""
    _prices.clear()


_prices: dict[tuple[str, str], tuple[float, Price | None]] = {}


def _price_of(key: Key, model: str) -> Price | None:
    # What follows the colon sets the sandbox's pace and faults; elsewhere it belongs to the name.
    name = model.partition(":")[0] if key.gateway.is_sandbox else model
    own_first = Case(When(shelf=key.pk, then=0), default=1)
    near = ShelfModel.objects.filter(shelf__key__team=key.team_id, shelf__key__gateway=key.gateway_id, name=name)
    kept: Mapping[str, str] | None = (
        near.exclude(price=None).order_by(own_first, "-shelf__read_at").values_list("price", flat=True).first()
    )
    return Price.of(kept)
