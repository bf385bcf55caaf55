"""Mails of alerts: each person one for each alert, in their language, not in their quiet hours."""

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from playground.alerts.quiet import mail_time, zone_of
from playground.alerts.words import words_of
from playground.gateway import own_address
from playground.models import AlertNotice

TRIES = 10
MAIL_DOWN = (SMTPException, OSError)


def send_later(notice: AlertNotice) -> None:
    """Have the mail sent when it is due, once the current transaction is stored."""
    send.configure(schedule_at=notice.mail_due_at).defer(notice=notice.pk)


@app.task(retry=RetryStrategy(max_attempts=TRIES, exponential_wait=3, retry_exceptions=MAIL_DOWN))
def send(notice: int) -> None:
    """Send the mail of one notice, unless that was done."""
    with transaction.atomic():
        waiting = AlertNotice.objects.select_for_update(of=("self",), skip_locked=True).filter(mailed_at=None)
        due = waiting.select_related("alert__key", "alert__team", "person").filter(pk=notice).first()
        if due is None or not _is_still_concerned(due):
            return
        later = mail_time(due.person, timezone.now())
        if later > timezone.now():
            # The hours were changed while it waited.
            due.mail_due_at = later
            due.save(update_fields=["mail_due_at"])
            send_later(due)
            return
        _mail(due)
        due.mailed_at = timezone.now()
        due.save(update_fields=["mailed_at"])


def page_of(key_id: object) -> str:
    """The whole address of a key's balance: a mail and a program know of no request."""
    return (settings.SITE_URL.rstrip("/") or own_address()) + reverse("balance", args=[key_id])


def _is_still_concerned(notice: AlertNotice) -> bool:
    return notice.person.is_active and notice.alert.team.role_of(notice.person) is not None


def _mail(notice: AlertNotice) -> None:
    alert, person = notice.alert, notice.person
    with translation.override(person.language or settings.LANGUAGE_CODE):
        zone = zone_of(person)
        about = {
            "alert": alert,
            "words": words_of(alert, zone),
            "at": f"{alert.at.astimezone(zone):%Y-%m-%d %H:%M}",
            "link": page_of(alert.key_id),
        }
        subject = " ".join(render_to_string("alerts/email/subject.txt", about).split())
        send_mail(subject, render_to_string("alerts/email/message.txt", about), None, [person.email])
