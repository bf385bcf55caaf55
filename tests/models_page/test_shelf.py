"""Reading what a gateway offers a key, keeping it, and noticing what is new or gone."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone

from playground.models import Shelf, ShelfModel
from playground.models.shelf import price_for
from playground.offers import Listing, Offer, Price
from playground.shelf import read_due, read_shelf
from playground.shelf.asking import Outcome
from playground.shelf.keeping import keep
from tests.models_page.lists import models, priced, pricing

NOW = timezone.now()
DAY = timedelta(days=1)


def heard(*names, price=None):
    return Outcome(Listing(tuple(Offer(name, kinds=("chat",), price=price) for name in names), ("/v1/models",)))


def names(key, **more):
    return sorted(ShelfModel.objects.filter(shelf=key.pk, **more).values_list("name", flat=True))


def read(key):
    return async_to_sync(read_shelf)(key.pk)


def test_a_reading_is_kept_with_its_prices(scripted, key_at):
    there = scripted({"/v1/models": models("a", "b"), "/api/pricing": pricing(priced("a"))}, kind="new-api")
    key = key_at(there)

    shelf = read(key)

    assert (shelf.code, shelf.sources, shelf.group, shelf.ratio) == ("", ["/v1/models", "/api/pricing"], "default", 1)
    assert shelf.read_at == shelf.asked_at == shelf.first_read_at
    assert names(key) == ["a", "b"]
    assert price_for(key, "a") == Price("USD", input=D("2.5"), output=D(10), cached=D("1.25"))
    assert price_for(key, "b") is None and price_for(key, "") is None


def test_a_gateway_that_is_down_leaves_the_last_reading_and_its_age(scripted, key_at):
    there = scripted({"/v1/models": models("a")})
    key = key_at(there)
    first = read(key)
    there.site["/v1/models"] = (502, b"<html>bad gateway</html>")

    shelf = read(key)

    assert (shelf.code, shelf.read_at, shelf.failures) == ("gateway_failed", first.read_at, 1)
    assert shelf.asked_at > first.asked_at
    assert names(key, gone_at=None) == ["a"]


def test_what_a_gateway_says_never_holds_the_key(scripted, key_at):
    there = scripted({"/v1/models": (401, {"error": {"message": "no such key: sk-1234567890abcdef"}})})

    shelf = read(key_at(there))

    assert shelf.code == "refused" and "sk-1234567890abcdef" not in shelf.said and "no such key" in shelf.said


def test_a_members_gateway_inside_our_network_is_not_asked(scripted, key_at, team):
    there = scripted({"/v1/models": models("a")})
    key = key_at(there)
    there.row.trusted = False
    there.row.save()

    assert (read(key).code, there.asked) == ("address_refused", [])


def test_new_and_gone_models_are_noticed_with_their_time(make_key):
    key = make_key()
    keep(key.pk, heard("a", "b"), NOW - 3 * DAY)

    keep(key.pk, heard("a", "c"), NOW)

    told = {row.name: (row.since, row.gone_at) for row in ShelfModel.objects.filter(shelf=key.pk)}
    assert told == {"a": (NOW - 3 * DAY, None), "b": (NOW - 3 * DAY, NOW), "c": (NOW, None)}


def test_a_model_that_comes_back_is_new_again(make_key):
    key = make_key()
    for back, there in ((3, ("a", "b")), (2, ("a",)), (1, ("a", "b"))):
        keep(key.pk, heard(*there), NOW - back * DAY)

    b = ShelfModel.objects.get(shelf=key.pk, name="b")

    assert (b.since, b.gone_at) == (NOW - DAY, None)


def test_what_is_long_gone_is_forgotten(make_key):
    key = make_key()
    keep(key.pk, heard("a", "b"), NOW - 40 * DAY)
    keep(key.pk, heard("a"), NOW - 35 * DAY)

    keep(key.pk, heard("a"), NOW)

    assert names(key) == ["a"]


def test_a_price_that_changed_is_the_price_from_now_on(make_key):
    key = make_key()
    keep(key.pk, heard("a", price=Price("USD", input=D(1), output=D(2))))
    assert price_for(key, "a") == Price("USD", input=D(1), output=D(2))

    keep(key.pk, heard("a", price=Price("USD", input=D(3), output=D(4))))

    assert price_for(key, "a") == Price("USD", input=D(3), output=D(4))


def test_a_key_that_was_not_read_takes_the_price_of_another_of_its_team_at_that_gateway(make_key, other_team, stranger):
    read_one, fresh = make_key(), make_key(name="Fresh")
    elsewhere = make_key(team=other_team, owner=stranger)
    keep(read_one.pk, heard("a", price=Price("USD", input=D(1), output=D(2))))

    assert price_for(fresh, "a") == Price("USD", input=D(1), output=D(2))
    assert price_for(elsewhere, "a") is None


def test_the_sandboxs_pace_is_no_part_of_a_models_name(make_key):
    key = make_key()
    keep(key.pk, heard("a", price=Price("USD", input=D(1), output=D(2))))

    assert price_for(key, "a:fast:fault-cut") == Price("USD", input=D(1), output=D(2))


def test_keys_never_read_and_keys_whose_time_has_come_are_read_by_the_clock(scripted, key_at, demo):
    there = scripted({"/v1/models": models("a")})
    Shelf.objects.all().delete()
    key, off = key_at(there), key_at(there, name="Off")
    off.switch_off()

    async_to_sync(read_due)()
    asked = len(there.asked)
    async_to_sync(read_due)()

    assert names(key) == ["a"] and not Shelf.objects.filter(pk=off.pk).exists()
    assert len(there.asked) == asked
    Shelf.objects.filter(pk=key.pk).update(next_at=NOW - DAY)
    assert async_to_sync(read_due)() == 1


def test_a_gateway_that_fails_again_and_again_is_asked_less_and_less(make_key, settings):
    settings.BALANCE_EVERY_SECONDS = 900
    key = make_key()
    pauses = []
    for _ in range(12):
        shelf = keep(key.pk, Outcome(code="unreachable"), NOW)
        pauses.append((shelf.next_at - NOW).total_seconds())

    assert pauses[:3] == [900, 1800, 3600] and pauses[-1] == 86400


@pytest.mark.parametrize("count", [1000])
def test_a_thousand_models_are_kept_and_changed_in_few_questions(make_key, django_assert_max_num_queries, count):
    key = make_key()
    keep(key.pk, heard(*(f"model-{number}" for number in range(count))))

    with django_assert_max_num_queries(20):
        keep(key.pk, heard(*(f"model-{number}" for number in range(1, count + 1)), price=Price("USD", input=D(1))))

    assert len(names(key, gone_at=None)) == count
