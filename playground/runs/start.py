"""Starting a run, whichever door the wish came in by: is there room, a row that exists once, the keeper that plays it."""

from collections.abc import Mapping
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from playground.models import State
from playground.runs import begin as beginning
from playground.runs.begin import Refused
from playground.runs.keeper import Keeper, keeper
from playground.runs.store import Standing


async def start(start: dict[str, Any], *, user_id: int, team_id: int, own_address: str) -> Standing | None:
    """Begin the run that `start` describes, play it and tell how it stands; None when a run of its UUID exists already.

    Raises Refused.

    To be called on the server's loop. `start` has the fields of the socket's message of that name.
    """
    runs = keeper()
    _check_room(runs, user_id, team_id)
    begun = await _begin(start, user_id=user_id, team_id=team_id, process=runs.id, own_address=own_address)
    if begun is None:
        return None
    runs.start(begun.run_id, begun.uuid, begun.call, begun.route, team_id, user_id, begun.tariff)
    return Standing(begun.run_id, begun.uuid, team_id, user_id, State.RUNNING, runs.id, 0, {}, begun.call.dialect)


def own_address(scope: Mapping[str, Any]) -> str:
    """Where this very server listens, as what came in by `scope` tells."""
    host, port = scope.get("server") or (settings.HOST, settings.PORT)
    if port is None or host in ("0.0.0.0", "::"):  # noqa: S104  it is compared, not listened at
        host, port = "127.0.0.1", settings.PORT
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _check_room(runs: Keeper, user_id: int, team_id: int) -> None:
    if runs.is_draining:
        raise Refused("busy", _("This server is about to restart. Try again in a few seconds."))
    if runs.running_of(user_id=user_id) >= settings.RUNS_PER_PERSON:
        raise Refused(
            "too_many",
            ngettext(
                "You have %(count)s run under way, the most one person may have. Stop it first.",
                "You have %(count)s runs under way, the most one person may have. Stop one first.",
                settings.RUNS_PER_PERSON,
            )
            % {"count": settings.RUNS_PER_PERSON},
        )
    of_team = runs.running_of(team_id=team_id)
    if of_team >= settings.RUNS_PER_TEAM:
        raise Refused(
            "too_many",
            ngettext(
                "Your team has %(count)s run under way, the most a team may have. Wait until it ends.",
                "Your team has %(count)s runs under way, the most a team may have. Wait until one ends.",
                settings.RUNS_PER_TEAM,
            )
            % {"count": settings.RUNS_PER_TEAM},
        )
    _check_share(len(runs.running), of_team)


def _check_share(under_way: int, of_team: int) -> None:
    """No team may have more runs than there are places left.

    So one team alone gets half of all places, two a third each, and whoever comes next always finds some.
    """
    free = settings.RUNS_AT_ONCE - under_way
    if free <= 0:
        raise Refused(
            "busy",
            ngettext(
                "This server has %(count)s run under way, the most it plays at once. Try again in a minute.",
                "This server has %(count)s runs under way, the most it plays at once. Try again in a minute.",
                settings.RUNS_AT_ONCE,
            )
            % {"count": settings.RUNS_AT_ONCE},
        )
    if of_team >= free:
        raise Refused(
            "too_many",
            ngettext(
                "Your team has %(count)s run under way, and the places left are kept for other teams. Wait until it ends.",
                "Your team has %(count)s runs under way, and the places left are kept for other teams. Wait until one ends.",
                of_team,
            )
            % {"count": of_team},
        )


# In threads of their own, so that one slow start delays no other.
_begin = database_sync_to_async(beginning.begin, thread_sensitive=False)
may_stop = database_sync_to_async(beginning.may_stop, thread_sensitive=False)
