"""Telling people of what others did: a notice in the site at once, and a mail in each person's language by a job."""

from collections.abc import Iterable
from smtplib import SMTPException
from typing import Any

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from accounts.models import User
from accounts.requests import MemberRequest, absolute
from playground.models import Notice, Run, SavedRequest
from playground.models.comments import on
from playground.models.notices import LONGEST_WORDS

TRIES = 10
MAIL_DOWN = (SMTPException, OSError)


def tell(
    http: MemberRequest, people: Iterable[User], kind: Notice.Kind, thing: SavedRequest | Run, words: str = ""
) -> None:
    """A notice and a mail for each of `people` but the one who acts. The mails go out once this is stored."""
    told = [person for person in people if person.pk != http.user.pk]
    link, language = absolute(http, address_of(thing)), translation.get_language()
    notices = notify(http, told, kind, thing, words)
    about: dict[str, Any] = {"words": _plain(words), "link": link, "language": language}
    mail.batch_defer(*({"notice": notice.pk, **about} for notice in notices))


def notify(
    http: MemberRequest, people: Iterable[User], kind: Notice.Kind, thing: SavedRequest | Run, words: str = ""
) -> list[Notice]:
    """A notice for each of `people`, shown when they come to the site."""
    return Notice.objects.bulk_create(
        Notice(
            user=person, team=http.team, actor=http.user, kind=kind, words=" ".join(words.split())[:LONGEST_WORDS],
            **on(thing),
        )
        for person in people
    )  # fmt: skip


@app.task(retry=RetryStrategy(max_attempts=TRIES, exponential_wait=3, retry_exceptions=MAIL_DOWN))
def mail(notice: int, words: str, link: str, language: str) -> None:
    """Send the mail of one notice, while it still concerns its person."""
    told = Notice.objects.select_related("user", "team", "actor", "request__team", "run").filter(pk=notice).first()
    if told is None or not _is_still_concerned(told):
        return
    about = {"actor": told.actor, "team": told.team, "thing": name_of(told.request or told.run)}
    with translation.override(told.user.language or language):
        about |= {"words": words, "link": link}
        subject = " ".join(render_to_string(f"notices/email/{told.kind}_subject.txt", about).split())
        send_mail(subject, render_to_string(f"notices/email/{told.kind}_message.txt", about), None, [told.user.email])


def name_of(thing: Any) -> str:
    """What a saved request or a run is called in a sentence."""
    return str(thing.name if isinstance(thing, SavedRequest) else thing.summary or thing.operation)


def address_of(thing: Any) -> str:
    """The page of a saved request or a run."""
    return f"/saved/{thing.pk}/" if isinstance(thing, SavedRequest) else f"/runs/{thing.uuid}/"


def _is_still_concerned(notice: Notice) -> bool:
    """Whether the person still sees what it is about."""
    person, thing = notice.user, notice.request or notice.run
    is_here = person.is_active and thing is not None and notice.team.role_of(person) is not None
    return is_here and (not isinstance(thing, SavedRequest) or thing.right_of(person) is not None)


def _plain(words: str) -> str:
    """What a job in Postgres can hold of a text."""
    return words.replace("\0", "").encode("utf-8", "replace").decode()
