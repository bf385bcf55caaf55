"""One of everything, for each test anew."""

import pytest

from tests.rights.things import Room, Things, make_room, make_things


@pytest.fixture
def things() -> Things:
    return make_things()


@pytest.fixture
def room(things: Things) -> Room:
    return make_room(things)
