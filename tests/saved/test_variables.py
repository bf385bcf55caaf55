"""Variables of a request: filled in when it goes out, in whatever place they stand; secret values are read by nobody."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from accounts.demo import make_demo
from accounts.models import Gateway, Key, Team, User
from playground.calls import BadCall
from playground.calls.variables import filled, is_name, names_in
from playground.models import Run, RunCall, SavedRequest, SavedShare, SavedVersion, Variable
from playground.runs.masks import hidden_in, masker_of
from tests.people import MEMBER, OWNER, PASSWORD, Person, chat
from tests.saved.conftest import page_text
from tests.saved.test_running import program

SECRET = "moon-river-7731"


def body(text, model="gpt-4o-mini:fast"):
    return json.dumps({"model": model, "messages": [{"role": "user", "content": text}]}, ensure_ascii=False)


# --- the text of a call -----------------------------------------------------------------------------------------------


@given(some.text(max_size=30))
def test_whatever_a_value_holds_the_body_stays_json_and_holds_it(value):
    call = filled({"body_text": '{"a": "x {{v}} y", "{{v}}!": 1.0, "b": "{{ v }}"}'}, {"v": value})

    read = json.loads(call["body_text"])

    assert read == {"a": f"x {value} y", f"{value}!": 1.0, "b": value}
    assert "1.0" in call["body_text"]


def test_names_stand_in_path_query_headers_and_body_and_are_told_once_in_order():
    call = {
        "path": {"model": "{{model}}"},
        "query": {"q": ["{{a}}", 7]},
        "headers": {"x-trace": "{{ a }}-{{客户}}"},
        "body_text": '{"b": "{{b-2}} {{url}} {{key}} {{2}} {{}} {{two words}}"}',
    }

    assert names_in(call) == ["model", "a", "客户", "b-2"]
    done = filled(call, {"model": "m", "a": "1", "客户": "ACME", "b-2": "x"})
    assert (done["path"], done["query"], done["headers"]) == (
        {"model": "m"},
        {"q": ["1", 7]},
        {"x-trace": "1-ACME"},
    )
    assert json.loads(done["body_text"])["b"] == "x {{url}} {{key}} {{2}} {{}} {{two words}}"


def test_a_value_that_looks_like_a_variable_is_text():
    assert filled({"body_text": '"{{a}}"'}, {"a": "{{b}}", "b": "no"})["body_text"] == '"{{b}}"'


def test_json_is_put_in_where_it_is_asked_for_alone_between_quotes():
    call = {"body_text": '{"list": "{{rows:json}}", "text": "all {{rows:json}}"}'}

    assert json.loads(filled(call, {"rows": "[1, 2]"})["body_text"]) == {"list": [1, 2], "text": "all [1, 2]"}
    with pytest.raises(BadCall) as refused:
        filled(call, {"rows": "[1, 2"})
    assert refused.value.field == "variables.rows"


def test_a_value_given_as_json_is_filled_in_too():
    assert json.loads(filled({"body": {"a": "{{x}}"}}, {"x": '"'})["body_text"]) == {"a": '"'}


def test_names_are_words_and_not_those_of_the_guides():
    assert [name for name in ("a", "客户", "b-2", "url", "key", "2", "a b", "", "a" * 41) if is_name(name)] == [
        "a",
        "客户",
        "b-2",
    ]


# --- a run ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def shared(transactional_db) -> SavedRequest:
    """The owner's request with two variables, one with a default; the member may run it."""
    make_demo(PASSWORD)
    owner, member = User.objects.get(email=OWNER), User.objects.get(email=MEMBER)
    team = Team.objects.get(memberships__user=owner)
    saved = SavedRequest.objects.create(team=team, owner=owner, name="Hi", operation="chat-basic", visibility="people")
    call = page_text(body("Greet {{customer}} in {{country}}"), variables={"country": "France"})
    SavedVersion.objects.create(request=saved, number=1, author=owner, call=call)
    SavedShare.objects.create(request=saved, user=member, right="run")
    return saved


def keep(saved, name, value, *, owner=None, is_secret=False, by=None):
    Variable(team=saved.team, owner=owner, name=name).become(value, is_secret=is_secret, by=by or saved.owner)


def sent_text(saved):
    return json.loads(bytes(RunCall.objects.order_by("-run").first().body))["messages"][0]["content"]


def run(site, saved, email=MEMBER, **variables):
    return program(site, email).post(f"/api/saved/{saved.pk}/run", json={"variables": variables})


def test_what_is_typed_wins_over_ones_own_over_the_teams_over_the_default(site, shared):
    member = User.objects.get(email=MEMBER)
    assert run(site, shared, customer="Ann").status_code == 201
    assert sent_text(shared) == "Greet Ann in France"

    keep(shared, "country", "Team Land")
    keep(shared, "customer", "Team's customer")
    run(site, shared)
    assert sent_text(shared) == "Greet Team's customer in Team Land"

    keep(shared, "country", "My Land", owner=member)
    run(site, shared)
    assert sent_text(shared) == "Greet Team's customer in My Land"
    run(site, shared, email=OWNER)
    assert sent_text(shared) == "Greet Team's customer in Team Land"

    run(site, shared, country='"Typed"')
    assert sent_text(shared) == 'Greet Team\'s customer in "Typed"'


def test_a_missing_value_is_told_at_its_name_and_nothing_is_sent(site, shared):
    refused = run(site, shared)

    assert (refused.status_code, refused.json()["field"]) == (422, "variables.customer")
    assert not Run.objects.exists()


def test_without_a_saved_request_only_names_that_have_a_value_are_variables(site, shared):
    keep(shared, "customer", "Ann")

    person = Person(site.url, MEMBER)
    seen = person.run("chat-basic", chat("{{customer}} {{other}}", stream=False), variables={})
    plain = person.run("chat-basic", chat("{{customer}} {{other}}", stream=False))

    texts = [json.loads(bytes(RunCall.objects.get(run__uuid=each.run).body)) for each in (seen, plain)]
    assert [text["messages"][-1]["content"] for text in texts] == ["Ann {{other}}", "{{customer}} {{other}}"]


def test_what_is_no_value_is_refused(site, shared):
    person = Person(site.url, MEMBER)
    for variables in ([], {"customer": 7}, {"customer": "x" * 20_001}):
        seen = person.run("chat-basic", chat("{{customer}}"), variables=variables)
        assert seen.error["code"] == "bad_call", variables
    assert not Run.objects.exists()


def test_a_secret_value_goes_out_and_is_read_nowhere_in_what_is_kept(site, shared):
    keep(shared, "token", SECRET, is_secret=True)
    call = chat("Repeat {{token}} twice: {{token}}")
    call["headers"] = {"x-token": "{{token}}"}

    seen = Person(site.url, MEMBER).run("chat-stream", call, variables={}, raw=True)

    kept = RunCall.objects.get(run__uuid=seen.run)
    told = "".join(frame["text"] for frame in seen.frames if frame["kind"] == "text")
    assert "•••" in told
    assert b"{{token}}" in bytes(kept.body)
    assert "•••" in json.loads(bytes(kept.sent))["body"]
    assert ["x-token", "•••"] in json.loads(bytes(kept.sent))["headers"]
    for place in (
        json.dumps(seen.frames),
        json.dumps(seen.events),
        *(bytes(each).decode() for each in (kept.given, kept.body, kept.sent)),
    ):
        assert SECRET not in place
        assert "moon-river" not in place
    assert SECRET not in str(Variable.objects.values())


def test_a_secret_value_never_stands_in_an_address(site, shared):
    keep(shared, "token", SECRET, is_secret=True)

    seen = Person(site.url, MEMBER).run("chat-stream", chat() | {"query": {"t": "{{token}}"}}, variables={})

    assert (seen.error["code"], seen.error["field"]) == ("bad_call", "variables.token")
    assert not Run.objects.exists()


def test_the_teams_secret_leaves_by_no_gateway_that_a_member_has_added(site, shared):
    member = User.objects.get(email=MEMBER)
    keep(shared, "token", SECRET, is_secret=True)
    gateway = Gateway.objects.create(team=shared.team, name="mine", base_url="https://mine.example.com")
    key = Key(team=shared.team, owner=member, gateway=gateway, name="mine")
    key.secret = "sk-of-the-member-0001"
    key.save()

    seen = Person(site.url, MEMBER).run("chat-stream", chat("{{token}}"), key=str(key.pk), variables={})

    assert (seen.error["code"], seen.error["field"]) == ("bad_call", "variables.token")
    assert not Run.objects.exists()


@given(
    pieces=some.lists(some.sampled_from([SECRET, SECRET[:9], SECRET[:5], "m", "moon", " ", "x"]), max_size=8),
    cut=some.integers(1, 5),
)
def test_a_secret_value_is_hidden_however_an_answer_is_cut(pieces, cut):
    text = "".join(pieces).encode()
    masker = masker_of("", [SECRET])

    told = b"".join(masker.feed(text[at : at + cut]) for at in range(0, len(text), cut)) + masker.flush()

    assert SECRET.encode()[:8] not in told
    assert told == hidden_in(text.decode(), [SECRET]).encode()
