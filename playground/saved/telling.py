"""Telling people of what others did: a notice in the site, and a mail in each person's language."""

import logging
from collections.abc import Iterable
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import get_adapter
from django.utils import translation

from accounts.models import User
from accounts.requests import MemberRequest, absolute
from playground.models import Notice, Run, SavedRequest
from playground.models.comments import on
from playground.models.notices import LONGEST_WORDS

logger = logging.getLogger(__name__)


def tell(
    http: MemberRequest, people: Iterable[User], kind: Notice.Kind, thing: SavedRequest | Run, words: str = ""
) -> list[User]:
    """A notice and a mail for each of `people` but the one who acts. Returns those whose mail could not be sent."""
    told = [person for person in people if person.pk != http.user.pk]
    notify(http, told, kind, thing, words)
    return send_mails(http, told, kind, thing, words)


def notify(
    http: MemberRequest, people: Iterable[User], kind: Notice.Kind, thing: SavedRequest | Run, words: str = ""
) -> None:
    """A notice for each of `people`, shown when they come to the site."""
    Notice.objects.bulk_create(
        Notice(
            user=person, team=http.team, actor=http.user, kind=kind, words=" ".join(words.split())[:LONGEST_WORDS],
            **on(thing),
        )
        for person in people
    )  # fmt: skip


def send_mails(
    http: MemberRequest, people: Iterable[User], kind: Notice.Kind, thing: SavedRequest | Run, words: str = ""
) -> list[User]:
    """A mail for each of `people`, in their language. Returns those to whom none could be sent."""
    about = {"actor": http.user, "team": http.team, "thing": name_of(thing), "words": words, "request": http}
    link, unreached = absolute(http, address_of(thing)), []
    for person in people:
        try:
            with translation.override(person.language or translation.get_language()):
                get_adapter(http).send_mail(f"notices/email/{kind}", person.email, {**about, "link": link})
        except (SMTPException, OSError) as error:
            logger.warning("a mail of a notice was not sent: %s", type(error).__name__)
            unreached.append(person)
    return unreached


def name_of(thing: Any) -> str:
    """What a saved request or a run is called in a sentence."""
    return str(thing.name if isinstance(thing, SavedRequest) else thing.summary or thing.operation)


def address_of(thing: Any) -> str:
    """The page of a saved request or a run."""
    return f"/saved/{thing.pk}/" if isinstance(thing, SavedRequest) else f"/runs/{thing.uuid}/"
