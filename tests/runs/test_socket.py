"""What the socket refuses: one sentence each, and it stays up."""

import json
import uuid

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from accounts.models import Key, Membership, Role, User
from tests.people import MEMBER, chat, next_error, start, tell, watch_until_end
from tests.upstream import chat as streams

RUN = str(uuid.uuid4())
CALL = {"body": {"model": "m", "messages": [{"role": "user", "content": "hi"}]}}


def a_start(**more):
    return json.dumps({"type": "start", "run": RUN, "operation": "chat-basic", "key": None, "call": CALL, **more})


def with_body(text):
    return a_start(call={"body_text": text})


REFUSED = {
    "no JSON": ("{nonsense", "bad_message"),
    "no object": ("[1,2]", "bad_message"),
    "no type": ("{}", "bad_message"),
    "no run": ('{"type":"watch"}', "bad_message"),
    "a run that is no UUID": ('{"type":"stop","run":"../../etc"}', "bad_message"),
    "a negative position": (json.dumps({"type": "watch", "run": RUN, "after": -1}), "bad_position"),
    "a missing run": (json.dumps({"type": "watch", "run": RUN}), "not_found"),
    "an unknown operation": (a_start(operation="nothing"), "bad_call"),
    "a page that is no operation": (a_start(operation="schema-message"), "bad_call"),
    "no call": (a_start(call=None), "bad_message"),
    "a list as headers": (a_start(call={"headers": ["x"], "body": {}}), "bad_call"),
    "a missing body": (a_start(call={}), "bad_call"),
    "a body that is no JSON": (with_body("{"), "bad_call"),
    "NaN": (with_body('{"a":NaN}'), "bad_call"),
    "duplicate names": (with_body('{"a":1,"a":2}'), "bad_call"),
    "half a character": (with_body('{"a":"\\ud800"}'), "bad_call"),
    "201 levels": (with_body("[" * 201 + "]" * 201), "bad_call"),
    "100,000 levels": (with_body("[" * 100_000), "bad_call"),
    "32 MiB and a bit": (with_body('{"a":"' + "x" * 2**25 + '"}'), "too_large"),
    "a forbidden header": (a_start(call={**CALL, "headers": {"Host": "evil"}}), "bad_call"),
    "a header with a line break": (a_start(call={**CALL, "headers": {"X-A": "b\r\nX-Key: c"}}), "bad_call"),
    "the key in the query": (a_start(call={**CALL, "query": {"key": "sk-1"}}), "bad_call"),
    "a path value with a slash": (
        a_start(operation="gemini-chat", call={"path": {"model": "a/../../b"}, "body": {"contents": []}}),
        "bad_call",
    ),
    "a key that is no UUID": (a_start(key="1 OR 1=1"), "not_found"),
    "somebody else's key": (a_start(key=str(uuid.uuid4())), "not_found"),
    "a large watch": (json.dumps({"type": "watch", "run": RUN, "padding": "x" * 70_000}), "too_large"),
}


def test_bad_messages_get_one_sentence_each_and_the_socket_stays_up(owner):
    with owner.socket() as socket:
        answers = {}
        for name, (text, _code) in REFUSED.items():
            socket.send(text)
            answers[name] = next_error(socket, 20)
        tell(socket, type="nobody knows this", run=RUN)
        seen = watch_until_end(socket, start(socket, "chat-stream", chat()))

    assert {name: answer["code"] for name, answer in answers.items()} == {
        name: code for name, (_, code) in REFUSED.items()
    }
    assert all(len(answer["message"]) > 5 for answer in answers.values())
    assert seen.state == "succeeded"


def test_a_message_past_the_servers_own_limit_closes_the_socket(owner):
    with owner.socket() as socket, pytest.raises(ConnectionClosed) as closed:
        # Only the head of such a message: what follows it could hide the answer behind a reset.
        socket.socket.sendall(b"\x81\xff" + (41 * 2**20).to_bytes(8, "big") + bytes(4))
        socket.recv(timeout=20)

    assert closed.value.rcvd.code == 1009


def test_a_thousand_messages_in_a_second_are_answered_by_too_many(owner):
    with owner.socket() as socket:
        for _ in range(1000):
            tell(socket, type="watch", run=RUN)
        codes = [next_error(socket)["code"] for _ in range(100)]
        while "too_many" not in codes:
            codes.append(next_error(socket)["code"])

    assert set(codes) == {"not_found", "too_many"}
    assert owner.run("chat-stream", chat()).state == "succeeded"


def test_bytes_are_refused(owner):
    with owner.socket() as socket:
        socket.send(b"\x00\x01")

        assert next_error(socket)["code"] == "bad_message"


@pytest.mark.parametrize("origin", [None, "http://evil.example", "https://127.0.0.1", "null"])
def test_a_socket_from_a_foreign_page_is_refused(owner, origin):
    with pytest.raises(InvalidStatus) as refused, owner.socket(origin=origin):
        pass

    assert refused.value.response.status_code == 403


def test_a_socket_without_a_session_is_refused(owner):
    owner.http.cookies.clear()

    with pytest.raises(InvalidStatus) as refused, owner.socket():
        pass

    assert refused.value.response.status_code == 403


def test_a_viewer_sees_runs_and_starts_none(owner, member, gateway):
    gateway(streams("hello"))
    live = owner.run("chat-stream", chat())
    Membership.objects.filter(user__email=MEMBER).update(role=Role.VIEWER)

    assert member.watch(live.run).text() == "hello"
    assert member.run("chat-stream", chat()).error["code"] == "forbidden"


def test_a_right_taken_away_closes_what_it_had_opened(owner, member, gateway):
    gateway(streams(*"abcdefghij" * 20, pause=0.05))
    with member.socket() as socket:
        name = start(socket, "chat-stream", chat())
        watch_until_end(socket, name, until=lambda seen: seen.text() != "")
        Membership.objects.filter(user__email=MEMBER).delete()
        with pytest.raises(ConnectionClosed) as closed:
            watch_until_end(socket, name, 8)

    assert closed.value.rcvd.code == 4403
    assert owner.watch(name).text() == "abcdefghij" * 20


def test_signing_out_closes_what_was_open(member, gateway):
    gateway(streams(*"abcdefghij" * 20, pause=0.05))
    with member.socket() as socket:
        name = start(socket, "chat-stream", chat())
        watch_until_end(socket, name, until=lambda seen: seen.text() != "")
        member.http.post(
            "/accounts/logout/", headers={"X-CSRFToken": member.http.cookies["csrftoken"], "Referer": member.url}
        )
        with pytest.raises(ConnectionClosed):
            watch_until_end(socket, name, 8)


def test_a_key_of_ones_own_is_of_no_use_to_others(owner, member, gateway):
    gateway(streams("hello"))
    key = Key.objects.get(team__memberships__user__email=MEMBER)
    Key.objects.filter(pk=key.pk).update(shared_with="me", owner=User.objects.get(email="owner@example.com"))

    assert owner.run("chat-stream", chat(), key=str(key.pk)).state == "succeeded"
    assert member.run("chat-stream", chat(), key=str(key.pk)).error["code"] == "not_found"
    assert member.run("chat-stream", chat()).error["code"] == "forbidden"


def test_a_person_may_have_so_many_runs_at_once(owner, gateway, settings):
    settings.RUNS_PER_PERSON = 2
    gateway(streams(*"abcdefghij" * 20, pause=0.05))
    with owner.socket() as socket:
        names = [start(socket, "chat-stream", chat()) for _ in range(3)]
        refused = next_error(socket)
        for name in names:
            tell(socket, type="stop", run=name)

    assert (refused["code"], refused["run"]) == ("too_many", names[2])


SIZES = [1, 20, 80, 125, 126, 127, 1_000, 65_400, 65_535, 65_536, 70_000, 500_000, 3]


def test_messages_of_every_size_arrive_whole_and_in_order(owner, gateway):
    said = [chr(65 + number) * size for number, size in enumerate(SIZES * 3)]
    gateway(streams(*said, pause=0.01))

    seen = owner.run("chat-stream", chat())

    assert seen.text() == "".join(said)
    assert seen.is_whole()


def test_a_watch_that_was_left_says_nothing_more(owner, gateway):
    gateway(streams(*("x" * 24 for _ in range(300)), pause=0.005))
    with owner.socket() as socket:
        name = start(socket, "chat-stream", chat())
        watch_until_end(socket, name, until=lambda seen: seen.last > 20)
        tell(socket, type="unwatch", run=name)
        tell(socket, type="watch", run=name, after=10)
        while json.loads(socket.recv(timeout=20))["type"] != "run":
            pass
        again = watch_until_end(socket, name)

    assert [frame["seq"] for frame in again.frames] == list(range(11, again.last + 1))
    assert again.state == "succeeded"


def test_a_start_after_a_watch_in_the_middle_begins_at_the_beginning(owner, gateway):
    gateway(streams(*("x" * 24 for _ in range(200)), pause=0.01))
    with owner.socket() as socket:
        name = start(socket, "chat-stream", chat())
        watch_until_end(socket, name, until=lambda seen: seen.last > 20)
        tell(socket, type="watch", run=name, after=10)
        start(socket, "chat-stream", chat(), run=name)
        for _ in range(2):
            while json.loads(socket.recv(timeout=20))["type"] != "run":
                pass
        seen = watch_until_end(socket, name)

    assert seen.is_whole()
