"""The demo team: made once, and following the settings."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.demo import MEMBER, OWNER, STRANGER, demo_wanted, make_demo
from accounts.models import Gateway, Key, Membership, Team, User

PEOPLE = [OWNER, MEMBER, STRANGER]


def passwords_work(password: str) -> bool:
    return all(User.objects.get(email=email).check_password(password) for email in PEOPLE)


def test_an_empty_database_gets_two_teams_three_people_and_two_keys(db: None) -> None:
    password = make_demo(None)

    assert password is not None
    assert passwords_work(password)
    roles = Membership.objects.order_by("id").values_list("team__name", "user__email", "role")
    assert list(roles) == [
        ("Demo team", OWNER, "owner"),
        ("Demo team", MEMBER, "member"),
        ("Strangers", STRANGER, "owner"),
    ]
    keys = [
        (key.team.name, key.gateway.kind, key.shared_with, key.secret.reveal())
        for key in Key.objects.order_by("created")
    ]
    assert keys == [(name, "sandbox", "team", "sk-sandbox-demo") for name in ("Demo team", "Strangers")]


def test_making_it_again_changes_nothing_and_tells_no_password(demo: str) -> None:
    before = [list(model.objects.order_by("pk").values()) for model in (User, Team, Membership, Gateway, Key)]

    assert make_demo(None) is None
    assert make_demo(demo) is None

    assert [list(model.objects.order_by("pk").values()) for model in (User, Team, Membership, Gateway, Key)] == before


def test_a_random_password_is_another_one_each_time(db: None) -> None:
    first = make_demo(None)
    User.objects.all().delete()
    Team.objects.all().delete()

    assert make_demo(None) not in (None, first)


def test_a_password_given_later_works_for_all_three(demo: str) -> None:
    assert make_demo("another long password") is None

    assert passwords_work("another long password")


def test_a_password_changed_by_its_person_is_left_alone_unless_one_is_given(demo: str, owner: User) -> None:
    owner.set_password("my very own one")
    owner.save()

    make_demo(None)
    assert User.objects.get(email=OWNER).check_password("my very own one")
    make_demo(demo)
    assert passwords_work(demo)


def test_no_demo_is_made_beside_people_who_are_there_already(db: None) -> None:
    User.objects.create_user("boss@example.org", "a long password")

    assert make_demo("whatever it is") is None

    assert list(User.objects.values_list("email", flat=True)) == ["boss@example.org"]


def test_the_demo_keys_follow_the_operators_gateway_and_back(demo: str, settings: Any) -> None:
    settings.GATEWAY_URL, settings.GATEWAY_KEY = "http://10.0.0.7:3000/v1/", "sk-the-operators-own-1234"
    make_demo(None)

    for key in Key.objects.select_related("gateway"):
        assert (key.gateway.base_url, key.gateway.trusted, key.gateway.team) == ("http://10.0.0.7:3000", True, None)
        assert key.secret.reveal() == "sk-the-operators-own-1234"

    settings.GATEWAY_URL = "https://gateway.example"
    make_demo(None)
    assert {key.gateway.base_url for key in Key.objects.all()} == {"https://gateway.example"}

    settings.GATEWAY_URL = settings.GATEWAY_KEY = ""
    make_demo(None)
    assert {(key.gateway.kind, key.secret.reveal()) for key in Key.objects.all()} == {("sandbox", "sk-sandbox-demo")}


def test_a_gateway_key_alone_is_the_demo_keys_secret_at_the_sandbox(db: None, settings: Any) -> None:
    settings.GATEWAY_KEY = "sk-demo-limited"

    make_demo(None)

    assert {(key.gateway.kind, key.secret.reveal()) for key in Key.objects.all()} == {("sandbox", "sk-demo-limited")}


def test_a_demo_is_wanted_where_the_settings_say_so(settings: Any) -> None:
    assert demo_wanted(settings)
    settings.DEMO = False
    assert not demo_wanted(settings)


def test_the_first_owner_gets_a_team_and_a_password_that_works(db: None) -> None:
    said = StringIO()

    call_command("first_owner", "Boss@Example.org", stdout=said)

    boss = Membership.objects.get(role="owner").user
    assert boss.email == "boss@example.org"
    assert boss.check_password(said.getvalue().split()[-1])


@pytest.mark.parametrize("email", ["not an address", OWNER, OWNER.upper()])
def test_the_first_owner_needs_a_new_address(demo: str, email: str) -> None:
    with pytest.raises(CommandError):
        call_command("first_owner", email)
