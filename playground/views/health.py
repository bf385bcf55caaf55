"""Whether the site can do its work, for whoever watches over it; how much it does, for those with a token."""

import hmac
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from playground.runs.away import redis_errors
from playground.runs.keeper import keeper
from playground.views.figures_of_work import exposition

REDIS_SECONDS = 2


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, else 503."""
    lack = _lack(_database)
    return _told("database does not answer" if lack else "")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when this process may be sent people: all it needs answers, its tables are up to date, it is not about to go."""
    return _told("\n".join(lack for check in (_database, _tables, _redis, _stay) if (lack := _lack(check))))


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """What Prometheus reads. There is no such page without `METRICS_TOKEN`, nor for those who do not bring it."""
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    return HttpResponse(exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _told(lack: str) -> HttpResponse:
    return HttpResponse(f"{lack or 'ok'}\n", status=503 if lack else 200, content_type="text/plain")


def _lack(check: Callable[[], str]) -> str:
    """What is missing, told without names of hosts or users."""
    troubles: tuple[type[Exception], ...] = (DatabaseError, OSError, *redis_errors())
    try:
        return check()
    except troubles as error:
        return f"{check.__name__.strip('_')} does not answer ({type(error).__name__})"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _tables() -> str:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(missing)} migrations are missing" if missing else ""


def _redis() -> str:
    if settings.REDIS_URL:
        import redis

        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
        ) as asked:
            asked.ping()
    return ""


def _stay() -> str:
    return "this process is about to end" if keeper().is_draining else ""
