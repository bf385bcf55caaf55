"""A model field for secrets: sealed the moment it is set, opened only by `.reveal()`."""

from typing import Any

from django.core.exceptions import FieldError
from django.db import models

from accounts import crypto

HIDDEN = "••••"


def mask_of(text: str) -> str:
    """What may be shown of a secret: its kind and its last four letters, if it is long enough to keep the rest."""
    kind = "sk-" if text.startswith("sk-") else ""
    return f"{kind}…{text[-4:]}" if len(text) >= len(kind) + 12 else f"{kind}…"


class Secret:
    """A secret that prints as its mask. Only the gateway reveals it."""

    __slots__ = ("_mask", "_place", "sealed")

    def __init__(self, sealed: str, place: crypto.Place, mask: str = HIDDEN) -> None:
        self.sealed = sealed
        self._place = place
        self._mask = mask

    def reveal(self) -> str:
        """The secret itself. Raises `crypto.CannotOpen` when the stored text belongs to another row."""
        return crypto.unseal(self.sealed, self._place)

    def __str__(self) -> str:
        return self._mask

    def __repr__(self) -> str:
        return f"<Secret {self._mask}>"


class _Sealed(str):
    """A ciphertext as it came from the database."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<sealed>"


class _SecretAttribute:
    def __init__(self, field: "EncryptedText") -> None:
        self.field = field

    def __get__(self, row: models.Model | None, owner: type | None = None) -> Any:
        if row is None:
            return self
        if self.field.attname not in row.__dict__:
            row.refresh_from_db(fields=[self.field.attname])
        sealed = row.__dict__[self.field.attname]
        return Secret(sealed, self.field.place(row), getattr(row, self.field.mask, HIDDEN)) if sealed else None

    def __set__(self, row: models.Model, value: "str | Secret | None") -> None:
        row.__dict__[self.field.attname] = self._sealed(row, value)
        if isinstance(value, str) and not isinstance(value, _Sealed) and self.field.mask:
            setattr(row, self.field.mask, mask_of(value))

    def _sealed(self, row: models.Model, value: "str | Secret | None") -> str | None:
        if isinstance(value, Secret):
            return _Sealed(value.sealed)
        if not value or isinstance(value, _Sealed):
            return value or None
        return _Sealed(crypto.seal(value, self.field.place(row)))


class EncryptedText(models.TextField):
    """A text stored as ciphertext bound to its row. `mask` names the field that keeps what may be shown of it.

    The row needs its primary key before the secret is set, which a UUID with a default gives.
    """

    # What type checkers are told of reading and setting it.
    _pyi_private_set_type: "str | Secret"  # type: ignore[assignment]
    _pyi_private_get_type: "Secret"  # type: ignore[assignment]

    def __init__(self, *args: Any, mask: str = "", **kwargs: Any) -> None:
        self.mask = mask
        super().__init__(*args, **{**kwargs, "editable": False})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, {**kwargs, "mask": self.mask}

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _SecretAttribute(self))

    def place(self, row: models.Model) -> crypto.Place:
        """Where this field of `row` stands, which its ciphertext is bound to."""
        if row.pk is None:
            raise ValueError("a secret can be set only on a row whose primary key is known")
        return crypto.Place(table=row._meta.db_table, column=str(self.column), row=str(row.pk))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return None if value is None else _Sealed(value)

    def get_prep_value(self, value: Any) -> str | None:
        if value is None:
            return None
        if isinstance(value, Secret):
            return str.__str__(value.sealed)
        if isinstance(value, _Sealed):
            return str.__str__(value)
        raise TypeError("a secret is set on its row, never written or compared by a query")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError("secrets cannot be searched")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj) or "")
