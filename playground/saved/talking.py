"""Comments on saved requests and runs: who is mentioned, who is told, who has seen them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Team, User
from accounts.prepared import Prepared
from accounts.requests import MemberRequest
from playground.models import Comment, Notice, Run, SavedRequest, Sighting, Visibility
from playground.models.comments import on
from playground.saved.telling import notify, tell

MOST_PEOPLE = 500
_WORD = re.compile("[A-Za-z0-9_]")


@dataclass(frozen=True)
class Piece:
    """A stretch of a comment; `mention` where it names somebody."""

    text: str
    mention: bool = False


def members_of(team: Team, thing: SavedRequest | Run) -> list[User]:
    """Who can be mentioned: the people of the team who see the thing."""
    if isinstance(thing, Run) or thing.visibility == Visibility.TEAM:
        return _EVERYBODY(team=team.pk)
    named = thing.shares.values("user_id") if thing.visibility == Visibility.PEOPLE else []
    return list(_people(team.pk).filter(Q(pk=thing.owner_id) | Q(pk__in=named))[:MOST_PEOPLE])


def _people(team: int) -> QuerySet[User]:
    return User.objects.filter(memberships__team=team, is_active=True).order_by("name", "email")


_EVERYBODY = Prepared(lambda team: _people(team)[:MOST_PEOPLE], team=int)


def mentioned_in(text: str, people: Iterable[User]) -> list[User]:
    """Those whose name stands in `text` behind an @, in the order they are named."""
    found: dict[int, User] = {}
    for _start, _end, person in _mentions(text, people):
        found.setdefault(person.pk, person)
    return list(found.values())


def pieces_of(text: str, people: Iterable[User]) -> list[Piece]:
    """The text, its mentions apart."""
    pieces, at = [], 0
    for start, end, _person in _mentions(text, people):
        pieces += [Piece(text[at:start]), Piece(text[start:end], True)]
        at = end
    return [piece for piece in (*pieces, Piece(text[at:])) if piece.text]


def say(http: MemberRequest, thing: SavedRequest | Run, text: str) -> Comment:
    """Keep a comment, tell those it names and the one whose thing it is."""
    people = members_of(http.team, thing)
    named = mentioned_in(text, people)
    comment = Comment.objects.create(
        team=http.team, author=http.user, text=text, mentioned=[person.pk for person in named], **on(thing)
    )
    tell(http, named, Notice.Kind.MENTIONED, thing, text)
    owner = thing.owner if isinstance(thing, SavedRequest) else thing.user
    if owner in people and owner not in (*named, http.user):
        notify(http, [owner], Notice.Kind.COMMENTED, thing, text)
    return comment


def reword(http: MemberRequest, comment: Comment, text: str) -> None:
    """Let a comment say something else; only those it names anew are told."""
    thing = comment.run or comment.request
    assert thing, "a comment is on one thing"
    named = mentioned_in(text, members_of(http.team, thing))
    new = [person for person in named if person.pk not in comment.mentioned]
    comment.text, comment.mentioned, comment.edited_at = text, [person.pk for person in named], timezone.now()
    comment.save(update_fields=["text", "mentioned", "edited_at"])
    tell(http, new, Notice.Kind.MENTIONED, thing, text)


def see(person: User, thing: SavedRequest | Run) -> None:
    """Remember that `person` looks at it now; notices of it are seen."""
    Sighting.objects.update_or_create(user=person, **on(thing), defaults={"at": timezone.now()})
    Notice.objects.filter(user=person, **on(thing)).mark_seen()


def sightings_of(thing: SavedRequest | Run) -> dict[int, Any]:
    """When each person last looked at it, by their ids."""
    return dict(Sighting.objects.filter(**on(thing)).values_list("user_id", "at"))


def _mentions(text: str, people: Iterable[User]) -> list[tuple[int, int, User]]:
    """Where somebody is named. The longest name counts: `@Ana Ruiz` before `@Ana`."""
    names = [(name, person) for person in people for name in _names(person)]
    names.sort(key=lambda pair: -len(pair[0]))
    folded, found, at = text.casefold(), [], 0
    if len(folded) != len(text):  # letters that fold into two would move every place
        folded = text.lower() if len(text.lower()) == len(text) else text
    while (at := folded.find("@", at)) != -1:
        for name, person in names:
            end = at + 1 + len(name)
            if folded.startswith(name, at + 1) and _stands_alone(text, at, end):
                found.append((at, end, person))
                at = end - 1
                break
        at += 1
    return found


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether neither an address (`me@ana.org`) nor a longer name (`@anabel`) goes on there."""
    return not _WORD.match(text[start - 1 : start]) and not _WORD.match(text[end : end + 1])


def _names(person: User) -> set[str]:
    names = {person.display_name.casefold(), person.email.partition("@")[0].casefold()}
    return {name for name in names if name}
