"""Questions whose SQL is worked out once: they answer as the querysets they were made of."""

import uuid

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.access import memberships_of, preferred, usable_keys
from accounts.models import Gateway, Key, Membership, Role, Team, User
from accounts.prepared import Ids, Prepared, together

pytestmark = pytest.mark.django_db


@pytest.fixture
def gateway():
    return Gateway.objects.create(name="Gateway", base_url="https://gateway.example")


def made_person(name):
    return User.objects.create(email=f"{name}@example.com", name=name)


def made_team(name, *people, role=Role.MEMBER):
    team = Team.objects.create(name=name)
    for person in people:
        Membership.objects.create(team=team, user=person, role=role)
    return team


def test_rows_values_and_objects_come_as_the_queryset_gives_them():
    people = [made_person(name) for name in ("Ann", "Ben")]
    teams = [made_team("First", *people), made_team("Second", people[1])]
    objects = Prepared(lambda team: Membership.objects.filter(team=team).select_related("user"), team=int)
    values = Prepared(lambda team: Membership.objects.filter(team=team).values("user__name"), team=int)
    rows = Prepared(
        lambda team, user: Membership.objects.filter(team=team, user=user).values_list("role"), team=int, user=int
    )

    assert [[each.user.name for each in objects(team=team.pk)] for team in teams] == [["Ann", "Ben"], ["Ben"]]
    assert values(team=teams[1].pk) == [{"user__name": "Ben"}]
    assert rows(team=teams[0].pk, user=people[0].pk) == [("member",)]
    assert rows(team=teams[1].pk, user=people[0].pk) == []


def test_the_queryset_is_made_once():
    made = []

    def ask(person):
        made.append(person)
        return User.objects.filter(pk=person).values_list("name", flat=True)

    names = Prepared(ask, person=int)
    person = made_person("Ann")

    assert (names(person=person.pk), names(person=0)) == (["Ann"], [])
    assert len(made) == 1


def test_an_id_is_found_where_the_driver_has_dressed_it():
    people = [made_person(name) for name in ("Ann", "Ben", "Cid")]
    later = Prepared(
        lambda user: User.objects.filter(pk__gt=user).order_by("pk").values_list("name", flat=True), user=int
    )

    assert [later(user=person.pk) for person in people] == [["Ben", "Cid"], ["Cid"], []]


def test_texts_are_found_too():
    made_person("Ann")
    named = Prepared(lambda name: User.objects.filter(name=name).values_list("email", flat=True), name=str)

    assert (named(name="Ann"), named(name="%(name)s")) == (["ann@example.com"], [])


def test_a_question_that_hides_its_id_is_refused():
    hidden = Prepared(lambda user: User.objects.filter(pk__in=[user + 1]), user=int)

    with pytest.raises(ValueError, match="user cannot be found"):
        hidden(user=1)


def test_nothing_stands_for_an_id_that_is_not_there(gateway):
    team = made_team("Team", person := made_person("Ann"))
    Key.objects.create(team=team, owner=person, gateway=gateway, name="Key", secret="sk-1")
    keys = Prepared(lambda key: Key.objects.filter(pk=key).values_list("name", flat=True), key=uuid.UUID)

    assert keys(key=None) == []
    assert keys(key=Key.objects.get().pk) == ["Key"]


def test_an_object_fetched_so_can_be_changed_and_saved(gateway):
    team = made_team("Team", person := made_person("Ann"))
    Key.objects.create(team=team, owner=person, gateway=gateway, name="Key", secret="sk-1")

    [key] = usable_keys(person, team)
    key.switch_off()

    assert key.secret.reveal() == "sk-1"
    assert usable_keys(person, team) == []


def test_usable_keys_are_those_of_the_queryset_oldest_first_with_their_gateways(gateway):
    ann, ben = made_person("Ann"), made_person("Ben")
    team, other = made_team("Team", ann, ben), made_team("Other", ben)
    for place, owner, sharing in ((team, ann, "me"), (team, ben, "me"), (team, ben, "team"), (other, ben, "team")):
        Key.objects.create(
            team=place, owner=owner, gateway=gateway, name=f"{owner}, {sharing}", secret="sk-1", shared_with=sharing
        )

    for person in (ann, ben):
        expected = list(Key.objects.usable_by(person, team).oldest_first())
        assert usable_keys(person, team) == expected
        assert len(expected) == 2
    with CaptureQueriesContext(connection) as asked:
        assert {key.gateway.name for key in usable_keys(ann, team)} == {"Gateway"}
    assert len(asked) == 1


def test_the_chosen_key_goes_before_the_default_and_that_before_the_oldest():
    keys = [Key(name=name, is_default=name == "default") for name in ("oldest", "default", "chosen")]

    assert preferred(keys, keys[2].pk).name == "chosen"
    assert preferred(keys, uuid.uuid4()).name == "default"
    assert preferred(keys[::2], None).name == "oldest"
    assert preferred([], None) is None


def test_memberships_stand_oldest_first_and_know_their_person_and_team():
    person = made_person("Ann")
    made_team("First", person), made_team("Second", person), made_team("Strangers", made_person("Ben"))

    memberships = memberships_of(person)
    with CaptureQueriesContext(connection) as asked:
        told = [(each.team.name, each.user, each.is_locked) for each in memberships]

    assert told == [("First", person, False), ("Second", person, False)]
    assert len(asked) == 0


def test_a_list_of_ids_is_one_parameter():
    people = [made_person(name) for name in ("Ann", "Ben", "Cid")]
    named = Prepared(
        lambda ids: User.objects.extra(where=["accounts_user.id = ANY(%s)"], params=[ids]).values_list("name"), ids=Ids
    )

    assert set(named(ids=[people[0].pk, people[2].pk])) == {("Ann",), ("Cid",)}
    assert named(ids=[people[1].pk]) == [("Ben",)]
    assert named(ids=[]) == []


def test_the_database_keeps_the_plan_of_a_question():
    mails = Prepared(lambda user: User.objects.filter(pk=user).values_list("email", "quiet_from"), user=int)
    people = [made_person(name) for name in ("Ann", "Ben", "Cid")]

    assert [mails(user=person.pk)[0][0] for person in people] == [person.email for person in people]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement LIKE '%quiet_from%'"
        )
        assert sum(times for (times,) in cursor.fetchall()) >= len(people)


def test_a_person_is_found_by_id_and_missed_as_ever():
    person = made_person("Ann")

    assert User.objects.get(pk=person.pk) == User.objects.get(pk=str(person.pk)) == person
    with pytest.raises(User.DoesNotExist):
        User.objects.get(pk=0)


def test_several_questions_are_answered_at_once_as_one_by_one(gateway):
    ann, ben = made_person("Ann"), made_person("Ben")
    team = made_team("Team", ann, ben)
    Key.objects.create(team=team, owner=ann, gateway=gateway, name="Key", secret="sk-1")
    names = Prepared(
        lambda team: User.objects.filter(memberships__team=team).values_list("name").order_by("pk"), team=int
    )
    keys = Prepared(lambda user, team: Key.objects.usable_by(user, team).select_related("gateway"), user=int, team=int)

    def asked():
        return together((names, {"team": team.pk}), (keys, {"user": ann.pk, "team": team.pk}), (names, {"team": 0}))

    told, [key], nobody = asked()

    assert (told, nobody) == ([("Ann",), ("Ben",)], [])
    assert (key.gateway.name, key.secret.reveal()) == ("Gateway", "sk-1")
    with CaptureQueriesContext(connection) as heard:
        assert asked() == [told, [key], nobody]
    assert len(heard) == 3


def test_of_several_questions_one_that_fails_fails_as_by_itself():
    people = Prepared(lambda user: User.objects.filter(pk=user), user=int)
    broken = Prepared(
        lambda user: User.objects.extra(where=["1 / (%s - accounts_user.id) > 0"], params=[user]), user=int
    )
    person = made_person("Ann")

    with pytest.raises(DataError), transaction.atomic():
        together((people, {"user": person.pk}), (broken, {"user": person.pk}))

    assert together((people, {"user": person.pk}), (people, {"user": 0})) == [[person], []]
