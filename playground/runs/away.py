"""What people are told when the database cannot do its work: a code and a sentence that says what to do."""

import psycopg
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils.translation import gettext as _

# What the libraries raise when the database is gone, still, full or has no connection left.
ERRORS = (DatabaseError, InterfaceError, psycopg.Error, TimeoutError, OSError)


def is_away(error: BaseException | None) -> bool:
    """Whether an error says that the database (or Redis) could not be had, rather than that it was asked something wrong."""
    kinds = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError, *redis_errors())
    return isinstance(error, kinds)


def redis_errors() -> tuple[type[Exception], ...]:
    """What Redis' client raises, where the site has a Redis; where it has none, its library is not even loaded."""
    if not settings.REDIS_URL:
        return ()
    from redis import RedisError

    return (RedisError,)


def told(error: BaseException | None) -> tuple[str, str]:
    """The code and the sentence for such an error."""
    if isinstance(error, psycopg.errors.DiskFull) or isinstance(
        getattr(error, "__cause__", None), psycopg.errors.DiskFull
    ):
        return storage_full()
    return "busy", _("The database does not answer at the moment. Try again in a few seconds.")


def storage_full() -> tuple[str, str]:
    """The code and the sentence for a disk that takes nothing more."""
    return "storage_full", _(
        "The storage of this site is full: nothing new can be kept. What is stored can still be read. Tell whoever runs the site."
    )
