"""`manage.py reseal`: every stored secret under the newest master key, so that older ones can be thrown away.

First put the new key in front of `KEY_ENCRYPTION_KEYS` and restart every server, then run this, then take the old key
out. Calls may run meanwhile: both keys open what they sealed.
"""

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import connection, models, transaction

from accounts import crypto
from accounts.adapter import FactorAdapter
from accounts.fields import EncryptedText

BATCH = 500


class Command(BaseCommand):
    help = "Seals every stored secret anew under the newest master key."

    def handle(self, *args: Any, **options: Any) -> None:
        count = sum(reseal(model, field) for model, field in sealed_fields()) + reseal_factors()
        self.stdout.write(f"{count} secrets sealed anew; all are now under the newest key.")


def sealed_fields() -> Iterator[tuple[type[models.Model], EncryptedText]]:
    """Every field of every model that keeps secrets."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedText):
                yield model, field


def reseal(model: type[models.Model], field: EncryptedText) -> int:
    """Seal the old ones of one field anew; how many there were."""
    count = 0
    for row in model._default_manager.exclude(**{f"{field.name}__isnull": True}).iterator(BATCH):
        secret = getattr(row, field.attname)
        if secret and not crypto.is_sealed_by_newest(secret.sealed):
            count += _exchange(field, row, secret.sealed, crypto.seal(secret.reveal(), field.place(row)))
    return count


def _exchange(field: EncryptedText, row: models.Model, old: str, new: str) -> int:
    """Write `new` where `old` still stands: a secret that was replaced meanwhile is newer than ours."""
    table, column = (connection.ops.quote_name(name) for name in (row._meta.db_table, str(field.column)))
    primary = connection.ops.quote_name(str(row._meta.pk.column))
    with connection.cursor() as cursor:
        statement = f"UPDATE {table} SET {column} = %s WHERE {primary} = %s AND {column} = %s"  # noqa: S608  names of ours
        cursor.execute(statement, [new, row.pk, str(old)])
        return cursor.rowcount


def reseal_factors() -> int:
    """Seal the old second factors anew; how many there were."""
    adapter, count = FactorAdapter(), 0
    for id in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).values_list("pk", flat=True):
        with transaction.atomic():
            factor = Authenticator.objects.select_for_update().get(pk=id)
            old = {name: value for name, value in factor.data.items() if _is_old(value)}
            if old:
                factor.data |= {name: adapter.encrypt(adapter.decrypt(value)) for name, value in old.items()}
                factor.save(update_fields=["data"])
                count += 1
    return count


def _is_old(value: Any) -> bool:
    return (
        isinstance(value, str)
        and value.startswith("v")
        and value.count(":") == 2
        and not crypto.is_sealed_by_newest(value)
    )
