"""Alerts by mail: to whom, in which language, when, and once more when a server refuses."""

from datetime import timedelta

from django.core import mail
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import Key, Membership
from playground.alerts import mails
from playground.models import Alert, AlertNotice
from tests.alerts.conftest import worked_off
from tests.alerts.told import read, until


def test_mail_goes_out_by_a_mail_server_in_each_persons_language(poor, owner, join, mail_server):
    owner.language = "en"
    owner.save()
    chinese = join("admin", "admin@example.com")
    chinese.language = "zh-hans"
    chinese.save()

    with worked_off():
        read(poor)
        assert until(lambda: len(mail_server.messages) == 2)

    by_person = {message["To"]: message for message in mail_server.messages}
    assert set(by_person) == {owner.email, chinese.email}
    assert by_person[owner.email]["Subject"] == "Key is running low: $1.00 left"
    text = by_person[owner.email].get_content()
    assert f"/balances/{poor.pk}/" in text and "sk-…cdef" in text and "That is not more than $2.00." in text
    assert "余" in by_person[chinese.email]["Subject"]
    assert until(lambda: not AlertNotice.objects.filter(mailed_at=None).exists())


def test_mail_waits_in_quiet_hours_and_the_sites_notice_does_not(poor, owner):
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    owner.timezone, owner.quiet_from = "UTC", hour.time()
    owner.quiet_until = (hour + timedelta(hours=2)).time()
    owner.save()

    read(poor)

    notice = AlertNotice.objects.get(person=owner)
    assert (notice.seen_at, notice.mail_due_at) == (None, hour + timedelta(hours=2))
    job = ProcrastinateJob.objects.get(task_name="playground.alerts.mails.send")
    assert job.scheduled_at == notice.mail_due_at
    mails.send(notice=notice.pk)
    assert mail.outbox == []
    owner.quiet_from = owner.quiet_until = None
    owner.save()
    mails.send(notice=notice.pk)
    mails.send(notice=notice.pk)
    assert [message.to for message in mail.outbox] == [[owner.email]]


def test_f45_a_mail_server_that_refuses_is_tried_again(poor, owner, mail_server):
    mail_server.refuses = True
    read(poor)
    waiting = ProcrastinateJob.objects.filter(task_name="playground.alerts.mails.send", status="todo")

    with worked_off():
        assert until(lambda: waiting.filter(attempts__gte=1).exists())
        mail_server.refuses = False
        assert until(lambda: AlertNotice.objects.filter(mailed_at__isnull=False).exists())

    assert [message["To"] for message in mail_server.messages] == [owner.email]


def test_somebody_who_has_left_meanwhile_gets_no_mail(poor, member):
    Key.objects.filter(pk=poor.pk).update(owner=member)
    read(poor)
    Membership.objects.filter(user=member).delete()

    for notice in AlertNotice.objects.values_list("pk", flat=True):
        mails.send(notice=notice)

    assert member.email not in [to for message in mail.outbox for to in message.to]


def test_a_mail_that_waited_says_that_it_is_over(poor, owner):
    owner.language = "en"
    owner.save()
    read(poor)
    Alert.objects.update(ended_at=timezone.now())

    mails.send(notice=AlertNotice.objects.get(person=owner).pk)

    assert "Since then it has ended." in mail.outbox[0].body
