"""Sessions that are over leave the table."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.demo import OWNER, make_demo
from accounts.models import User
from playground.jobs.sessions import clear_ended
from tests.people import PASSWORD


def test_a_session_that_is_over_leaves_the_table_and_one_that_goes_on_stays(db, settings):
    make_demo(PASSWORD)
    over, going_on = Client(), Client()
    for client in (over, going_on):
        client.force_login(User.objects.get(email=OWNER), backend=settings.AUTHENTICATION_BACKENDS[0])
    Session.objects.filter(pk=over.session.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))

    clear_ended(timestamp=0)

    assert [row.pk for row in Session.objects.all()] == [going_on.session.session_key]
