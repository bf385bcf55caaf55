"""Mails of what people share and say: they go out by a worker, whatever the mail server does."""

from django.core import mail

from accounts.demo import MEMBER
from playground.models import Notice
from tests.alerts.conftest import mail_server, no_jobs, worked_off
from tests.saved.conftest import sent, share

__all__ = ["mail_server", "no_jobs"]


def test_sharing_is_done_while_the_mail_server_is_silent_and_the_mails_go_out_later(
    client, saved, member, viewer, mail_server
):
    mail_server.speaks.clear()

    with worked_off():
        answer = share(client, saved, "team")
        told = set(Notice.objects.values_list("user__email", flat=True))
        arrived = list(mail_server.messages)
        mail_server.speaks.set()
        messages = mail_server.wait_for(2)

    assert (answer.status_code, told, arrived) == (302, {member.email, viewer.email}, [])
    assert sorted(message["To"] for message in messages) == sorted([member.email, viewer.email])
    assert all(f"/saved/{saved.pk}/" in message.get_content() for message in messages)


def test_a_mail_server_that_refuses_is_tried_again(client, saved, member, mail_server):
    mail_server.refuses = True
    share(client, saved, "people", **{f"right-{member.pk}": "run"})

    with worked_off():
        assert mail_server.refused.wait(180)
        mail_server.refuses = False
        messages = mail_server.wait_for(1)

    assert [message["To"] for message in messages] == [MEMBER]


def test_each_person_is_written_to_in_their_language(client, saved, member, viewer):
    member.language, viewer.language = "en", "zh-hans"
    for person in (member, viewer):
        person.save()

    share(client, saved, "team")

    subjects = {message.to[0]: message.subject for message in sent()}
    assert "shared “Invoice check” with you" in subjects[member.email]
    assert "共享" in subjects[viewer.email]


def test_who_sees_it_no_longer_gets_no_mail_of_it(client, saved, member, viewer, team):
    share(client, saved, "team")
    team.memberships.filter(user=viewer).delete()

    share(client, saved, "me")

    assert sent() == []
    assert mail.outbox == []
