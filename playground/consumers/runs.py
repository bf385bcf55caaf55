"""The websocket `/ws/runs/`: start, watch, unwatch and stop runs. Sockets only tail the log; closing one stops nothing."""

import asyncio
import contextlib
import json
import logging
import time
import uuid
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import membership_in
from accounts.models import User
from playground import tasks
from playground.comparing.blind import hidden_from
from playground.consumers.messages import Bad, check_start, number_in, read_message, run_name
from playground.consumers.outlet import Outlet
from playground.runs import away, begin, start, watch
from playground.runs.keeper import keeper
from playground.runs.presence import Onlooker
from playground.runs.rights import Place
from playground.runs.store import Standing

logger = logging.getLogger(__name__)

QUEUED_MESSAGES = 1000


class RunsConsumer(AsyncWebsocketConsumer):
    """One socket of one person. Messages are handled in order by one task, every watch is a task of its own."""

    channel_layer_alias = "sockets need none"

    async def connect(self) -> None:
        """Let in who is signed in, is a member of a team and comes from our own pages."""
        self.watches: dict[str, asyncio.Task[None]] = {}
        self.whole: set[str] = set()  # those watched from their beginning
        self.tasks: set[asyncio.Task[Any]] = set()
        self.onlooking: dict[str, object] = {}
        self.worker: asyncio.Task[None] | None = None
        self.inbox: asyncio.Queue[str] = asyncio.Queue(QUEUED_MESSAGES)
        self.seen_second, self.seen = 0, 0
        self.is_seated = False
        place = await self._place() if is_own_origin(self.scope) else None
        if place is None:
            await self.close(code=4403)
            return
        self.place: Place = place
        self.user_id, _session, self.team_id = place
        self._speak()
        await self.accept()
        if not keeper().rights.take_seat(self.user_id):
            most = settings.SOCKETS_PER_PERSON
            sentence = ngettext(
                "You have %(count)s connection open, the most one person may have. Close a tab.",
                "You have %(count)s connections open, the most one person may have. Close a tab.",
                most,
            )
            await self._refuse(Bad("too_many", sentence % {"count": most}), None)
            await self.close(code=4429)
            return
        self.is_seated = True

    def _speak(self) -> None:
        """Use the language of the page from now on, in this task and in all that it begins."""
        language = self.scope.get("cookies", {}).get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
        translation.activate(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Queue a message; the socket stays able to hear."""
        if self.worker is None:
            self.worker = self._spawn(self._work())
        if text_data is None:
            await self._refuse(Bad("bad_message", _("Messages are JSON text, not bytes.")), None)
        elif self._too_many() or self.inbox.full():
            await self._refuse_too_many()
        else:
            self.inbox.put_nowait(text_data)

    async def disconnect(self, code: int) -> None:
        """Leave; the runs go on."""
        if self.is_seated:
            keeper().rights.leave_seat(self.user_id)
        for name in list(self.onlooking):
            self._look_away(name)
        for task in list(self.tasks):
            task.cancel()
        # What a watch was about to say hangs on its task: nothing may keep it but the task's own end.
        self.watches.clear()
        self.worker = None

    async def _work(self) -> None:
        while True:
            await self._handle(await self.inbox.get())

    async def _handle(self, text: str) -> None:
        name = None
        try:
            message = read_message(text)
            name = message.get("run") if isinstance(message.get("run"), str) else None
            if handle := self._HANDLERS.get(message["type"]):
                name = run_name(message)
                if not await keeper().rights.hold(self.place):
                    raise Bad("forbidden", _("You are signed out, or no longer a member of this team. Sign in again."))
                await handle(self, message, name)
        except Bad as error:
            await self._refuse(error, name)
        except begin.Refused as error:
            await self._refuse(Bad(error.code, str(error), error.field), name)
        except away.ERRORS as error:
            logger.warning("the database did not answer a socket: %s", type(error).__name__, exc_info=error)
            await self._refuse(Bad("busy", away.told(error)[1]), name)

    async def _start(self, message: dict[str, Any], name: str) -> None:
        standing = await self._begun(message, name) or await self._visible(name)
        if standing is None:
            raise Bad("not_found", _("There is no such run."))
        watching = self.watches.get(name) if name in self.whole else None
        if watching and not watching.done():
            await self._tell_standing(standing)  # said twice, a start is heard once: the watch goes on where it is
        else:
            await self._follow(standing, 0, message)

    async def _begun(self, message: dict[str, Any], name: str) -> Standing | None:
        """The run that this message begins; None when a run of its name exists already, whatever would stand in its way now."""
        try:
            check_start(message)
            own = start.own_address(self.scope)
            return await start.start(
                {**message, "run": name}, user_id=self.user_id, team_id=self.team_id, own_address=own
            )
        except (Bad, begin.Refused):
            if await self._visible(name) is None:
                raise
            return None

    async def _watch(self, message: dict[str, Any], name: str) -> None:
        after = number_in(message, "after")
        standing = await self._visible(name)
        if standing is None:
            raise Bad("not_found", _("There is no such run."))
        if message.get("raw") is True and await database_sync_to_async(waits_for_a_vote)(
            self.user_id, standing.team_id, name
        ):
            message = {**message, "raw": False}  # the gateway's own events tell which model answers
        await self._follow(standing, after, message)

    async def _unwatch(self, message: dict[str, Any], name: str) -> None:
        await self._leave(name)

    async def _stop(self, message: dict[str, Any], name: str) -> None:
        standing = await self._visible(name)
        if standing is None:
            raise Bad("not_found", _("There is no such run."))
        if not await start.may_stop(self.user_id, standing):
            raise Bad("forbidden", _("Only the person who started a run, or an admin of the team, may stop it."))
        await keeper().stop(standing)

    _HANDLERS = {"start": _start, "watch": _watch, "unwatch": _unwatch, "stop": _stop}

    async def _follow(self, standing: Standing, after: int, message: dict[str, Any]) -> None:
        name = standing.uuid
        await self._leave(name)
        after_event = number_in(message, "after_event") if message.get("raw") is True else None
        await self._tell_standing(standing)
        self.watches[name] = self._spawn(self._tail(standing, after, after_event))
        if after == 0:
            self.whole.add(name)
        if message.get("presence") is True:
            await self._look_on(standing)

    async def _look_on(self, standing: Standing) -> None:
        """Be seen by the others whose pages show this run, and hear who they are; also after the run has ended."""
        person = Onlooker(self.user_id, await display_name(self.user_id))
        hear = partial(self._hear_of, standing)
        self.onlooking[standing.uuid] = keeper().presence.enter(standing.uuid, person, hear)

    def _look_away(self, name: str) -> None:
        if name in self.onlooking:
            keeper().presence.leave(name, self.onlooking.pop(name))

    def _hear_of(self, standing: Standing, people: list[dict[str, Any]]) -> None:
        self._spawn(self._tell_onlookers(standing, people))

    async def _tell_onlookers(self, standing: Standing, people: list[dict[str, Any]]) -> None:
        # An ended run has no watch any more that would notice a right that was taken away.
        with contextlib.suppress(*away.ERRORS):
            if await keeper().rights.hold((self.user_id, self.place[1], standing.team_id)):
                await self._tell({"type": "onlookers", "run": standing.uuid, "people": people})
            else:
                self._look_away(standing.uuid)

    async def _leave(self, name: str) -> None:
        """End a watch; when this returns it has said its last."""
        self._look_away(name)
        self.whole.discard(name)
        if old := self.watches.pop(name, None):
            old.cancel()
            await asyncio.wait([old])

    async def _tell_standing(self, standing: Standing) -> None:
        last = keeper().source(standing).last
        await self._tell({"type": "run", "run": standing.uuid, "state": standing.state, "seq": last})

    async def _tail(self, standing: Standing, after: int, after_event: int | None) -> None:
        outlet, taken_away = self._outlet(), asyncio.Event()
        with keeper().rights.watched((self.user_id, self.place[1], standing.team_id), taken_away):
            telling = asyncio.create_task(self._tell_all(standing, after, after_event, outlet))
            leaving = asyncio.create_task(outlet.reason_to_leave(taken_away))
            try:
                await asyncio.wait({telling, leaving}, return_when=asyncio.FIRST_COMPLETED)
                if leaving.done():
                    telling.cancel()
                    await self.close(code=leaving.result())
                else:
                    await self._told(telling, standing.uuid)
            finally:
                telling.cancel()
                leaving.cancel()
                await asyncio.wait([telling])

    async def _tell_all(self, standing: Standing, after: int, after_event: int | None, outlet: Outlet) -> None:
        """The run to its end; then what the gateway goes on working on, if it submitted something."""
        await watch.watch(keeper(), standing, after, outlet.send, after_event, outlet.write)
        if tasks.has_task(standing.dialect):
            await tasks.tell(standing.id, standing.uuid, outlet.send)

    def _outlet(self) -> Outlet:
        return Outlet(
            self.scope.get("send_frames", self.base_send),
            self.scope.get("extensions", {}).get("write_text", watch.never),
        )

    async def _told(self, telling: asyncio.Task[None], name: str) -> None:
        # To raise what the task ended by would tie its frames, and all they were about to say, to the task itself.
        error = telling.exception()
        if isinstance(error, watch.BadPosition):
            await self._refuse(Bad("bad_position", _("This run has no frame of that number. Watch it from 0.")), name)
        elif error and not has_left(error):
            raise error

    async def _visible(self, name: str) -> Standing | None:
        """How a run of one of the person's teams stands; a foreign one is answered as a missing one."""
        standing = await keeper().standing(name)
        if standing is None:
            return None
        if standing.team_id == self.team_id or await keeper().rights.hold(
            (self.user_id, self.place[1], standing.team_id)
        ):
            return standing
        raise Bad("not_found", _("There is no such run."))

    def _too_many(self) -> bool:
        second = int(time.monotonic())
        if second != self.seen_second:
            self.seen_second, self.seen = second, 0
        self.seen += 1
        return self.seen > settings.SOCKET_MESSAGES_PER_SECOND

    async def _refuse_too_many(self) -> None:
        # One answer a second is enough: answering a flood message by message would double it.
        if self.seen == settings.SOCKET_MESSAGES_PER_SECOND + 1 or self.inbox.full():
            sentence = _(
                "More than %(count)s messages in one second. Slow down; nothing was lost that was answered."
            ) % {"count": settings.SOCKET_MESSAGES_PER_SECOND}
            await self._refuse(Bad("too_many", sentence), None)

    async def _refuse(self, error: Bad, name: str | None) -> None:
        message = {"type": "error", "code": error.code, "message": str(error)}
        if name is not None:
            message["run"] = name[:80]
        if error.field:
            message["field"] = error.field
        await self._tell(message)

    async def _tell(self, message: dict[str, Any]) -> None:
        """Send, and give up on a socket that does not read for a minute."""
        async with asyncio.timeout(settings.SOCKET_SEND_SECONDS):
            await self.base_send({"type": "websocket.send", "text": json.dumps(message)})

    async def _place(self) -> Place | None:
        session_key = self.scope.get("cookies", {}).get(settings.SESSION_COOKIE_NAME)
        return await keeper().rights.place(session_key) if session_key else None

    def _spawn(self, work: Any) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self.tasks.discard(task)
        with contextlib.suppress(asyncio.CancelledError):
            error = task.exception()
            # Everything else is a mistake, and must not pass unseen.
            if error and not has_left(error):
                logger.error("a task of a socket failed: %s", type(error).__name__, exc_info=error)


def has_left(error: BaseException) -> bool:
    """Whether an error only says that the reader is gone."""
    return isinstance(error, OSError) or type(error).__name__ == "ClientDisconnected"


def waits_for_a_vote(user_id: int, team_id: int, run: str) -> bool:
    """Whether the run stands in a blind vote that the person has yet to cast."""
    membership = membership_in(team_id, user_id)
    return membership is not None and uuid.UUID(run) in hidden_from(membership).votes


@database_sync_to_async
def display_name(user_id: int) -> str:
    """What somebody is called on pages."""
    return User.objects.get(pk=user_id).display_name


def is_own_origin(scope: dict[str, Any]) -> bool:
    """Whether a socket is opened by one of our own pages: scheme, host and port of Origin are ours."""
    headers = dict(scope["headers"])
    origin = headers.get(b"origin", b"").decode("latin-1")
    if settings.SITE_URL:
        return origin == settings.SITE_URL.rstrip("/")
    secure = scope.get("scheme") in ("wss", "https")
    return urlsplit(origin)[:2] == ("https" if secure else "http", headers.get(b"host", b"").decode("latin-1"))
