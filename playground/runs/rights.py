"""Whether those who stand at a socket may still: signed in, active, members. Asked together, remembered for a second."""

import asyncio
import contextlib
import time
from collections import Counter

import psycopg
from channels.db import database_sync_to_async
from django.conf import settings

from accounts.places import places_of
from playground.runs.store import Store
from playground.runs.together import Together

REMEMBERED_SECONDS = 1.0
SWEEP_SECONDS = 2.0

Place = tuple[int, str, int]  # user, session key ("" for a token), team


class Rights:
    """The rights of everybody connected to one process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._asked = Together(self._ask)
        self._places = Together(database_sync_to_async(places_of, thread_sensitive=False))
        self._known: dict[Place, float] = {}
        self._watchers: dict[Place, set[asyncio.Event]] = {}
        self.seats: Counter[int] = Counter()  # sockets of each person

    def take_seat(self, user_id: int) -> bool:
        """Count a socket of a person; False when they have as many as one may have."""
        if self.seats[user_id] >= settings.SOCKETS_PER_PERSON:
            return False
        self.seats[user_id] += 1
        return True

    def leave_seat(self, user_id: int) -> None:
        """Count a socket no longer."""
        self.seats[user_id] -= 1
        if self.seats[user_id] <= 0:
            del self.seats[user_id]

    async def place(self, session_key: str) -> Place | None:
        """Where the person of a session stands; None when it has ended, or there is no team to work in."""
        place = await self._places.answer(session_key)
        if place:
            self.know(place)
        return place

    async def hold(self, place: Place) -> bool:
        """Whether the person still has the session and the membership, at most a second ago."""
        if time.monotonic() - self._known.get(place, -10) < REMEMBERED_SECONDS:
            return True
        if not await self._asked.answer(place):
            return False
        self.know(place)
        return True

    async def _ask(self, places: list[Place]) -> dict[Place, bool]:
        return dict.fromkeys(await self._store.still_allowed(set(places)), True)

    def know(self, place: Place) -> None:
        """Remember what was asked of the database just now."""
        self._known[place] = time.monotonic()

    @contextlib.contextmanager
    def watched(self, place: Place, taken_away: asyncio.Event):
        """While the block lasts, `taken_away` is set soon after the right has ended."""
        self._watchers.setdefault(place, set()).add(taken_away)
        try:
            yield
        finally:
            events = self._watchers[place]
            events.discard(taken_away)
            if not events:
                del self._watchers[place]

    async def sweep(self) -> None:
        """Look again and again at those who watch something, all in one question."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            now = time.monotonic()
            self._known = {place: at for place, at in self._known.items() if now - at < REMEMBERED_SECONDS}
            with contextlib.suppress(psycopg.Error, TimeoutError, OSError):
                asked = set(self._watchers)
                for place in asked - await self._store.still_allowed(asked):
                    for event in self._watchers.get(place, ()):
                        event.set()
