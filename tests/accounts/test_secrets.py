"""Secrets are sealed into their row and shown to nobody."""

import base64
import copy
import json
import os
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import serializers
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.management import call_command
from django.db import connection

from accounts import crypto
from accounts.adapter import FactorAdapter
from accounts.crypto import CannotOpen, Place
from accounts.fields import mask_of
from accounts.models import Key, User

SECRET = "sk-planted-0123456789abcdef"
PLACE = Place(table="t", column="c", row="1")


def master_key(number: int) -> str:
    return f"{number}:{base64.b64encode(os.urandom(32)).decode()}"


def stored(key: Key) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_key WHERE id = %s", [key.pk])
        return cursor.fetchone()[0]


def store(key: Key, sealed: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_key SET secret = %s WHERE id = %s", [sealed, key.pk])


def test_a_secret_comes_back_as_it_was_set(make_key: Any) -> None:
    key = make_key(secret=SECRET)

    assert Key.objects.get(pk=key.pk).secret.reveal() == SECRET


def test_the_database_holds_only_ciphertext_and_a_mask(make_key: Any) -> None:
    key = make_key(secret=SECRET)

    version, nonce, ciphertext = stored(key).split(":")
    assert version == "v1"
    assert len(base64.b64decode(nonce)) == 12
    assert SECRET.encode() not in base64.b64decode(ciphertext)
    assert key.mask == "sk-…cdef"


def test_the_same_secret_is_sealed_differently_every_time() -> None:
    assert crypto.seal(SECRET, PLACE) != crypto.seal(SECRET, PLACE)


def test_two_ciphertexts_swapped_in_the_database_are_refused(make_key: Any) -> None:
    one, two = make_key(secret=SECRET), make_key(secret="sk-another-0123456789")
    texts = stored(one), stored(two)
    store(one, texts[1])
    store(two, texts[0])

    for key in (one, two):
        with pytest.raises(CannotOpen):
            Key.objects.get(pk=key.pk).secret.reveal()


@pytest.mark.parametrize(
    "place", [Place("u", "c", "1"), Place("t", "d", "1"), Place("t", "c", "2"), Place("t", "c1", "")]
)
def test_a_sealed_text_opens_only_at_its_own_table_column_and_row(place: Place) -> None:
    sealed = crypto.seal(SECRET, PLACE)

    with pytest.raises(CannotOpen):
        crypto.unseal(sealed, place)


@pytest.mark.parametrize("broken", ["", "v1", "v1:a:b", "v1::", "vx:YQ==:YQ==", "v9:YQ==:YQ=="])
def test_a_broken_text_is_refused_by_name(broken: str) -> None:
    with pytest.raises(CannotOpen):
        crypto.unseal(broken, PLACE)


def test_one_changed_letter_of_the_ciphertext_is_refused() -> None:
    version, nonce, ciphertext = crypto.seal(SECRET, PLACE).split(":")
    data = bytearray(base64.b64decode(ciphertext))
    data[0] ^= 1

    with pytest.raises(CannotOpen):
        crypto.unseal(f"{version}:{nonce}:{base64.b64encode(data).decode()}", PLACE)


def test_a_secret_prints_as_its_mask_everywhere(make_key: Any) -> None:
    key = make_key(secret=SECRET)
    fresh = Key.objects.get(pk=key.pk)

    shown = [str(key), repr(key), str(key.secret), repr(key.secret), f"{fresh.secret}", repr(fresh.__dict__)]
    shown += [repr(key.__dict__), serializers.serialize("json", [fresh]), repr(Key.objects.values_list("secret"))]

    assert [text for text in shown if SECRET in text or stored(key) in text] == []
    assert json.loads(serializers.serialize("json", [fresh]))[0]["fields"]["secret"] == "sk-…cdef"


def test_a_copied_row_cannot_open_the_secret_of_the_first(make_key: Any) -> None:
    other = copy.copy(make_key(secret=SECRET))
    other.pk = Key().pk

    with pytest.raises(CannotOpen):
        other.secret.reveal()


def test_secrets_cannot_be_searched_or_written_past_their_row(make_key: Any) -> None:
    make_key(secret=SECRET)

    with pytest.raises(FieldError):
        Key.objects.filter(secret=SECRET).exists()
    with pytest.raises(TypeError):
        Key.objects.update(secret=SECRET)


def test_a_new_master_key_seals_and_the_old_one_still_opens(make_key: Any, settings: Any) -> None:
    settings.KEY_ENCRYPTION_KEYS = [master_key(1)]
    key = make_key(secret=SECRET)
    settings.KEY_ENCRYPTION_KEYS = [master_key(2), *settings.KEY_ENCRYPTION_KEYS]
    newer = make_key(secret=SECRET)

    assert stored(newer).startswith("v2:")
    assert Key.objects.get(pk=key.pk).secret.reveal() == SECRET
    settings.KEY_ENCRYPTION_KEYS = settings.KEY_ENCRYPTION_KEYS[:1]
    assert Key.objects.get(pk=newer.pk).secret.reveal() == SECRET
    with pytest.raises(CannotOpen):
        Key.objects.get(pk=key.pk).secret.reveal()


@pytest.mark.parametrize("keys", [[], ["1:c2hvcnQ="], ["one:" + "A" * 44], ["1:not base64"]])
def test_master_keys_of_the_wrong_shape_are_refused(settings: Any, keys: list[str]) -> None:
    settings.KEY_ENCRYPTION_KEYS = keys

    with pytest.raises(ImproperlyConfigured):
        crypto.seal(SECRET, PLACE)


def test_a_replaced_secret_takes_its_mask_along(make_key: Any) -> None:
    key = make_key(secret=SECRET)

    key.replace_secret("sk-new-0123456789-zzzz")

    fresh = Key.objects.get(pk=key.pk)
    assert (fresh.mask, fresh.secret.reveal()) == ("sk-…zzzz", "sk-new-0123456789-zzzz")


@pytest.mark.parametrize(
    ("secret", "mask"),
    [("sk-0123456789abcdef", "sk-…cdef"), ("0123456789abcdef", "…cdef"), ("sk-short", "sk-…"), ("tiny", "…")],
)
def test_a_mask_shows_four_letters_only_of_long_secrets(secret: str, mask: str) -> None:
    assert mask_of(secret) == mask


def test_resealing_moves_every_secret_to_the_newest_key(make_key: Any, owner: User, settings: Any) -> None:
    settings.KEY_ENCRYPTION_KEYS = [master_key(1)]
    Key.objects.all().delete()
    keys = [make_key(secret=f"{SECRET}-{number}") for number in range(3)]
    factor = Authenticator.objects.create(user=owner, type="totp", data={"secret": FactorAdapter().encrypt("TOTP")})
    settings.KEY_ENCRYPTION_KEYS = [master_key(2), *settings.KEY_ENCRYPTION_KEYS]
    newer = stored(make_key(secret=SECRET))

    call_command("reseal", stdout=StringIO())

    settings.KEY_ENCRYPTION_KEYS = settings.KEY_ENCRYPTION_KEYS[:1]
    assert [Key.objects.get(pk=key.pk).secret.reveal() for key in keys] == [f"{SECRET}-{n}" for n in range(3)]
    factor.refresh_from_db()
    assert FactorAdapter().decrypt(factor.data["secret"]) == "TOTP"
    assert newer in {stored(key) for key in Key.objects.all()}
