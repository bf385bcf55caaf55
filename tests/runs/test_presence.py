"""Who looks at a run: told to everybody who looks, on this process and on others, and to nobody else."""

import json
import time

from accounts.models import User
from playground.runs.presence import Onlooker, Presence
from playground.views.frame import avatar
from tests.people import MEMBER, OWNER, chat, start, tell, watch_until_end
from tests.server import served

OLIVIA, MAX = Onlooker(1, "Olivia"), Onlooker(2, "Max")


def wired(count):
    """Processes that hear each other's messages, and the list of those that were said."""
    said, all_ = [], []

    def teller(number):
        def say(message):
            said.append(message)
            for other, presence in enumerate(all_):
                if other != number:
                    presence.heard(json.loads(json.dumps(message)))

        return say

    all_.extend(Presence(f"process {number}", teller(number)) for number in range(count))
    return all_, said


def names(people):
    return [person["name"] for person in people]


def test_everybody_who_looks_hears_of_everybody_each_once():
    (presence,), _said = wired(1)
    heard = []
    first = presence.enter("run", OLIVIA, lambda people: heard.append(names(people)))
    second = presence.enter("run", OLIVIA, lambda people: None)
    third = presence.enter("run", MAX, lambda people: None)
    for place in (third, second, first, first):
        presence.leave("run", place)

    assert heard == [["Olivia"], ["Olivia"], ["Olivia", "Max"], ["Olivia"], ["Olivia"]]
    assert presence.people("run") == []


def test_processes_hear_of_each_others_onlookers_also_of_those_who_came_before():
    (one, other, third), _said = wired(3)
    here, there = [], []
    one.enter("run", OLIVIA, lambda people: here.append(names(people)))
    place = other.enter("run", MAX, lambda people: there.append(names(people)))

    assert (sorted(here[-1]), sorted(there[-1])) == (["Max", "Olivia"], ["Max", "Olivia"])
    assert third.people("run") == [] == one.people("other run")
    other.leave("run", place)
    assert here[-1] == ["Olivia"]


def test_a_process_that_died_is_forgotten(monkeypatch):
    (one, other), _said = wired(2)
    heard = []
    one.enter("run", OLIVIA, lambda people: heard.append(names(people)))
    other.enter("run", MAX, lambda people: None)
    before = time.monotonic()

    monkeypatch.setattr("playground.runs.presence.monotonic", lambda: before + 60)
    one.renew()

    assert heard[-1] == ["Olivia"]


def test_nothing_is_said_while_nobody_looks():
    (presence,), said = wired(1)

    presence.renew()
    presence.heard({"type": "presence.asked", "run": "run"})

    assert said == []


def test_letters_have_the_colour_that_pages_give_them():
    for name in ("Olivia", "Max", "陈伟", "ß"):
        assert Onlooker(1, name).told()["hue"] == avatar(name)["hue"]


def onlookers(socket, wanted, seconds=20):
    """The names a socket is told, once they are those wanted."""
    until, told = time.monotonic() + seconds, None
    while told != wanted:
        assert time.monotonic() < until, told
        message = json.loads(socket.recv(timeout=seconds))
        if message["type"] == "onlookers":
            told = sorted(names(message["people"]))
    return told


def test_two_persons_hear_of_each_other_and_who_did_not_ask_hears_nothing(owner, member):
    with owner.socket() as mine, member.socket() as theirs, owner.socket() as quiet:
        run = start(quiet, "chat-stream", chat())
        assert watch_until_end(quiet, run).state == "succeeded"
        tell(mine, type="watch", run=run, after=0, presence=True)
        tell(theirs, type="watch", run=run, after=0, presence=True)
        both = onlookers(mine, onlookers(theirs, sorted(both_names())))
        tell(theirs, type="unwatch", run=run)
        alone = onlookers(mine, [both_names()[0]])
        tell(quiet, type="watch", run=run, after=0)
        seen = watch_until_end(quiet, run)

    assert (len(both), len(alone), seen.state) == (2, 1, "succeeded")


def test_onlookers_of_two_processes_hear_of_each_other_by_redis(data_folder, redis_server):
    with (
        served(data_folder, REDIS_URL=redis_server) as one,
        served(data_folder, REDIS_URL=redis_server) as two,
        one.person().socket() as mine,
        two.person(MEMBER).socket() as theirs,
    ):
        run = start(mine, "chat-stream", chat())
        watch_until_end(mine, run)
        tell(mine, type="watch", run=run, after=0, presence=True)
        tell(theirs, type="watch", run=run, after=0, presence=True)
        both = onlookers(mine, onlookers(theirs, ["Max Member", "Olivia Owner"]))
        tell(theirs, type="unwatch", run=run)
        alone = onlookers(mine, ["Olivia Owner"])

    assert (len(both), len(alone)) == (2, 1)


def test_a_stranger_is_not_seen_and_hears_nobody(owner, stranger):
    with owner.socket() as mine, stranger.socket() as theirs:
        run = start(mine, "chat-stream", chat())
        watch_until_end(mine, run)
        tell(theirs, type="watch", run=run, after=0, presence=True)
        assert watch_until_end(theirs, run).error["code"] == "not_found"
        tell(mine, type="watch", run=run, after=0, presence=True)

        assert onlookers(mine, [both_names()[0]])


def both_names():

    return [User.objects.get(email=email).display_name for email in (OWNER, MEMBER)]
