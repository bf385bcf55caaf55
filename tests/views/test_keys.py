"""Keys by their pages: added, shared, limited, switched, replaced, moved, deleted, tested; never shown."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from accounts.demo import MEMBER, OWNER, make_demo
from accounts.gateways import sandbox
from accounts.models import AuditEvent, Gateway, Key, Membership, Role, Team, User
from tests.conftest import Site
from tests.people import PASSWORD, Person, chat

SECRET = "sk-planted-0123456789abcdef"


@pytest.fixture(autouse=True)
def demo(transactional_db: None) -> None:
    make_demo(PASSWORD)


@pytest.fixture
def owner() -> User:
    return User.objects.get(email=OWNER)


@pytest.fixture
def team(owner: User) -> Team:
    return owner.memberships.get().team


def browser(email: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(email=email), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def filled(**fields: Any) -> dict[str, Any]:
    """The form of a new key."""
    given = {
        "name": "Evaluation", "gateway": sandbox().pk, "secret": SECRET, "shared_with": "me", "remind_days": "7",
    }  # fmt: skip
    return {**given, **fields}


def added(client: Client, **fields: Any) -> Key:
    client.post("/keys/new/", filled(**fields))
    return Key.objects.get(name=fields.get("name", "Evaluation"))


def said(client: Client, path: str = "/keys/") -> str:
    return client.get(path).content.decode()


def deeds(key: str = "Evaluation") -> list[str]:
    return list(AuditEvent.objects.filter(thing_name__startswith=key).order_by("id").values_list("what", flat=True))


def test_a_key_is_added_and_from_then_on_only_its_mask_is_seen(team: Team) -> None:
    client = browser(MEMBER)

    answer = client.post("/keys/new/", filled(tags="eval, night", note="nightly", allowed_models="gpt-5*"))

    key = Key.objects.get(name="Evaluation")
    assert answer["Location"] == f"/keys/{key.pk}/"
    assert (key.owner.email, key.team, key.tags, key.allowed_models) == (MEMBER, team, ["eval", "night"], ["gpt-5*"])
    assert key.secret.reveal() == SECRET
    for path in ("/keys/", f"/keys/{key.pk}/"):
        assert "sk-…cdef" in said(client, path)
        assert SECRET not in said(client, path)
    assert deeds() == ["key.added"]


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        ("sk-pl\u200banted-0123456789", "cannot be seen"),
        ("sk-planted\x00-0123456789", "cannot be seen"),
        ("sk-planted\r\nX-Evil: 1", "cannot be seen"),
        ("sk-pl\u0430nted-0123456789", "Letter 6"),
        ("sk-ｐlanted-0123456789", "Letter 4"),
        ("sk-planted 0123456789", "space in its middle"),
        ("sk-1", "from 8 to"),
        ("s" * 5000, "from 8 to"),
        ("   ", "required"),
    ],
)
def test_a_secret_that_cannot_be_one_is_refused_by_a_sentence(pasted: str, sentence: str) -> None:
    answer = browser(MEMBER).post("/keys/new/", filled(secret=pasted))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert pasted.strip() == "" or pasted not in answer.content.decode()
    assert not Key.objects.filter(name="Evaluation").exists()


@pytest.mark.parametrize(
    "pasted", [f"  {SECRET}\n", f"Bearer {SECRET}", f"Authorization: Bearer {SECRET}", f"\ufeff{SECRET}"]
)
def test_what_was_pasted_around_a_secret_is_left_out_and_told(pasted: str) -> None:
    client = browser(MEMBER)

    key = added(client, secret=pasted)

    assert key.secret.reveal() == SECRET
    assert "were left out" in said(client)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "a\u200bb"}, {"name": "x" * 81}, {"note": "a\x07"}, {"tags": "x" * 41}, {"allowed_models": "a\u200bb"},
        {"allowed_operations": "nonsense"}, {"shared_with": "members"}, {"shared_with": "all"}, {"gateway": "999"},
        {"expires_at": "soon"}, {"remind_days": "5"},
    ],
)  # fmt: skip
def test_every_field_refuses_what_it_cannot_hold(wrong: dict[str, str]) -> None:
    assert browser(MEMBER).post("/keys/new/", filled(**wrong)).status_code == 422


def test_sharing_with_named_members_lets_exactly_them_use_it(team: Team, owner: User) -> None:
    other = User.objects.create_user("other@example.com", "x")
    Membership.objects.create(team=team, user=other, role=Role.MEMBER)
    member = User.objects.get(email=MEMBER)
    key = added(browser(OWNER))
    assert not key.is_usable_by(member)

    membership = team.memberships.get(user=member)
    browser(OWNER).post(
        f"/keys/{key.pk}/", {"name": "Evaluation", "shared_with": "members", "members": [membership.pk]}
    )

    assert [key.is_usable_by(person) for person in (owner, member, other)] == [True, True, False]
    assert deeds() == ["key.added", "key.changed", "key.shared"] or deeds() == ["key.added", "key.shared"]


def test_an_admin_changes_a_members_key_but_cannot_share_it_with_themselves(team: Team) -> None:
    key = added(browser(MEMBER))

    browser(OWNER).post(f"/keys/{key.pk}/", {"name": "Evaluation 2", "shared_with": "team"})

    key.refresh_from_db()
    assert (key.name, key.shared_with) == ("Evaluation 2", "me")


def test_a_member_may_see_a_shared_key_but_change_nothing_of_it(team: Team) -> None:
    key = added(browser(OWNER), shared_with="team")
    client = browser(MEMBER)

    for verb, given in [
        ("", {"name": "Mine"}), ("off/", {}), ("default/", {}), ("replace/", {"secret": "sk-other-0123456789", "overlap": "0"}),
        ("delete/", {"name": "Evaluation"}), ("bring-back/", {}),
    ]:  # fmt: skip
        client.post(f"/keys/{key.pk}/{verb}", given)

    same = Key.objects.get(pk=key.pk)
    assert (same.name, same.is_live, same.is_default, same.secret.reveal()) == ("Evaluation", True, False, SECRET)
    assert deeds() == ["key.added"]


def test_a_replaced_secret_is_brought_back_while_it_is_kept(team: Team) -> None:
    client = browser(OWNER)
    key = added(client)

    client.post(f"/keys/{key.pk}/replace/", {"secret": "sk-second-0123456789", "overlap": "1"})
    key = Key.objects.get(pk=key.pk)
    assert (key.secret.reveal(), key.former_secret.reveal()) == ("sk-second-0123456789", SECRET)
    client.post(f"/keys/{key.pk}/bring-back/")
    key = Key.objects.get(pk=key.pk)
    assert (key.secret.reveal(), key.mask) == (SECRET, "sk-…cdef")

    client.post(f"/keys/{key.pk}/replace/", {"secret": "sk-third-0123456789", "overlap": "0"})
    key = Key.objects.get(pk=key.pk)
    assert (key.secret.reveal(), key.former_secret, key.former_until) == ("sk-third-0123456789", None, None)
    assert deeds() == ["key.added", "key.replaced", "key.brought_back", "key.replaced"]


def test_a_former_secret_cannot_be_brought_back_once_its_time_is_over(team: Team) -> None:
    client = browser(OWNER)
    key = added(client)
    client.post(f"/keys/{key.pk}/replace/", {"secret": "sk-second-0123456789", "overlap": "1"})
    Key.objects.filter(pk=key.pk).update(former_until=timezone.now())

    client.post(f"/keys/{key.pk}/bring-back/")

    assert Key.objects.get(pk=key.pk).secret.reveal() == "sk-second-0123456789"
    assert list(Key.objects.with_stale_secrets()) == [key]


def test_a_key_is_switched_off_and_on_made_default_and_chosen(team: Team, owner: User) -> None:
    client = browser(OWNER)
    key = added(client)

    client.post(f"/keys/{key.pk}/off/")
    assert Key.objects.get(pk=key.pk).is_switched_off
    client.post(f"/keys/{key.pk}/on/")
    client.post(f"/keys/{key.pk}/default/")
    client.post(f"/keys/{key.pk}/choose/")

    key = Key.objects.get(pk=key.pk)
    assert (key.is_live, key.is_default, owner.memberships.get().chosen_key) == (True, True, key)
    assert deeds() == ["key.added", "key.switched_off", "key.switched_on", "key.made_default"]


def test_a_key_moves_with_its_owner_and_goes_nowhere_else(team: Team, owner: User) -> None:
    other = Team.objects.create(name="Second")
    Membership.objects.create(team=other, user=owner, role=Role.MEMBER)
    foreign = User.objects.get(email="stranger@example.com").memberships.get().team
    own = Gateway.objects.create(team=team, name="Own", base_url="https://api.example.com")
    client = browser(OWNER)
    key = added(client, gateway=own.pk, shared_with="team")

    client.post(f"/keys/{key.pk}/move/", {"team": str(foreign.public_id)})
    assert Key.objects.get(pk=key.pk).team == team
    client.post(f"/keys/{key.pk}/move/", {"team": str(other.public_id)})

    key = Key.objects.get(pk=key.pk)
    assert (key.team, key.shared_with, key.gateway.team, key.gateway.base_url) == (
        other, "me", other, "https://api.example.com",
    )  # fmt: skip
    assert deeds() == ["key.added", "key.moved", "key.added"]


def test_a_key_is_deleted_by_typing_its_name_and_what_breaks_is_named(team: Team, owner: User) -> None:
    client = browser(OWNER)
    key = added(client)
    client.post(f"/keys/{key.pk}/default/")
    client.post(f"/keys/{key.pk}/choose/")

    page = said(client, f"/keys/{key.pk}/")
    client.post(f"/keys/{key.pk}/delete/", {"name": "evaluation"})
    assert Key.objects.filter(pk=key.pk).exists()
    client.post(f"/keys/{key.pk}/delete/", {"name": "Evaluation"})

    assert "It is the team&#x27;s default" in page
    assert "chosen key of: Olivia Owner" in page
    assert not Key.objects.filter(pk=key.pk).exists()
    assert deeds()[-1] == "key.deleted"


def test_keys_are_found_by_name_holder_gateway_and_tag(team: Team) -> None:
    client = browser(OWNER)
    added(client, tags="night")

    for words in ("evalu", "olivia", "sandbox", "night"):
        assert "Evaluation" in said(client, f"/keys/?q={words}")
    assert "No key fits" in said(client, "/keys/?q=%00nothing")


def test_last_use_tells_by_whom_and_for_what(site: Site) -> None:
    Person(site.url, MEMBER).run("chat-stream", chat())

    page = said(browser(OWNER))

    assert "Max Member" in page
    key = Key.objects.get(team__name="Demo team")
    assert (key.last_used_by.email, key.last_used_for) == (MEMBER, "chat-stream")


# --- testing a key ---------------------------------------------------------------------------------------------


@pytest.fixture
def admin(site: Site) -> Iterator[httpx.Client]:
    """The owner's browser at the served site."""
    http = Person(site.url, OWNER).http
    http.cookies.set("django_language", "en")
    http.headers["X-CSRFToken"] = http.cookies["csrftoken"]
    http.headers["Referer"] = site.url + "/keys/"
    yield http


def trial(http: httpx.Client, path: str, **form: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in http.post(path, data=form).text.splitlines()]


def test_a_key_is_tested_step_by_step_and_ends_in_one_sentence(admin: httpx.Client) -> None:
    key = Key.objects.get(team__name="Demo team")

    lines = trial(admin, f"/keys/{key.pk}/test/")

    assert [line["step"] for line in lines] == ["resolved", "connected", "models", "balance", "balance", "verdict"]
    assert [line["state"] for line in lines] == ["ok"] * 6
    assert lines[-1]["title"] == "The key works"
    reading = Key.objects.get(pk=key.pk).standing.reading
    assert reading.unit == "USD"
    assert f"${reading.left:.2f} left" in lines[-1]["detail"]
    assert lines[-2]["title"] == "Limit that comes first: Key quota"


@pytest.mark.parametrize(
    ("secret", "verdict"),
    [
        ("sk-hello-0123456789", "The key works"),
        ("sk-hello-0123456789-empty", "The key has nothing left"),
        ("sk-hello-0123456789-expired", "The key has expired"),
        ("not-a-sandbox-key", "The key does not work"),
    ],
)
def test_a_key_is_tested_before_it_is_kept(admin: httpx.Client, secret: str, verdict: str) -> None:
    lines = trial(admin, "/keys/test/", gateway=sandbox().pk, secret=secret)

    assert lines[-1]["title"] == verdict
    assert secret not in json.dumps(lines)
    assert Key.objects.count() == 2


def test_a_test_of_a_bad_secret_or_of_anothers_key_is_refused(admin: httpx.Client) -> None:
    own = Key.objects.get(team__name="Demo team")
    private = Key.objects.create(
        team=own.team, owner=User.objects.get(email=MEMBER), gateway=own.gateway, name="Private", secret=SECRET
    )

    assert trial(admin, "/keys/test/", gateway=sandbox().pk, secret="sk-a\u200b0123456789")[-1]["title"] == "Not tested"
    assert trial(admin, f"/keys/{private.pk}/test/")[-1]["title"] == "Not tested"


def test_a_new_keys_test_says_how_many_of_the_models_it_may_be_used_for(admin: httpx.Client) -> None:
    form = {"gateway": sandbox().pk, "secret": "sk-hello-0123456789"}

    some = trial(admin, "/keys/test/", **form, allowed_models="gpt-4o*")
    none = trial(admin, "/keys/test/", **form, allowed_models="nothing-*")

    told = {tuple(line[name] for name in ("state", "detail")) for line in (*some, *none) if line["step"] == "models"}
    assert ("warn", "None of them is among the models this key may be used for.") in told
    assert any(state == "ok" and detail.startswith("This key may be used for") for state, detail in told)
