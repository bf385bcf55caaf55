"""The worker inside the server: it reads balances by the clock and after runs, from the real sandbox."""

import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.demo import make_demo
from accounts.models import BalanceStanding, Key
from playground.jobs.after_runs import ask_later
from playground.jobs.balances import read_balance
from playground.models import Run
from tests.conftest import Site, served
from tests.people import OWNER, PASSWORD, Person, chat


@pytest.fixture(autouse=True)
def no_jobs(transactional_db: None) -> None:
    """Jobs are no rows of Django's, so that other tests leave them behind."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture
def working_site(transactional_db: None, settings: object):
    """The site with its worker inside."""
    settings.JOBS, settings.BALANCE_AFTER_RUN_SECONDS = "inside", 0.2
    make_demo(PASSWORD)
    with served(settings) as url:
        yield Site(url)


def until(holds: Callable[[], object], seconds: float = 60) -> bool:
    """Wait for something to hold."""
    limit = time.monotonic() + seconds
    while not holds() and time.monotonic() < limit:
        time.sleep(0.1)
    return bool(holds())


def demo_key() -> Key:
    return Key.objects.get(team__name="Demo team")


def left() -> object:
    standing = BalanceStanding.objects.select_related("reading").filter(key=demo_key()).first()
    return standing and standing.reading and standing.reading.left


def test_a_run_is_followed_by_a_look_at_what_its_key_has_left(working_site):
    read_balance.defer(key=str(demo_key().pk))
    assert until(left)
    before = left()

    seen = Person(working_site.url, OWNER).run("chat-stream", chat("A long story", "gpt-4o:fast"))

    assert seen.state == "succeeded"
    assert until(lambda: left() < before), (before, left())


def test_many_runs_of_a_key_are_followed_by_one_look(transactional_db):
    make_demo(PASSWORD)
    key = demo_key()
    BalanceStanding.objects.create(key=key)
    runs = [
        Run.objects.create(
            team=key.team, key=key, operation="chat-basic", dialect="openai-chat", started_at=timezone.now()
        )
        for _ in range(5)
    ]
    waiting = ProcrastinateJob.objects.filter(queueing_lock=f"balance:{key.pk}", status="todo")

    for run in runs:
        ask_later([run.pk])

    assert waiting.count() == 1


def test_a_key_whose_gateway_tells_nothing_is_not_looked_at_after_runs(transactional_db):
    make_demo(PASSWORD)
    key = demo_key()
    BalanceStanding.objects.create(key=key, code="no_figure")
    run = Run.objects.create(
        team=key.team, key=key, operation="chat-basic", dialect="openai-chat", started_at=timezone.now()
    )

    ask_later([run.pk])

    assert not ProcrastinateJob.objects.filter(queueing_lock=f"balance:{key.pk}", status="todo").exists()


def test_the_clock_looks_each_minute_at_what_is_due_and_at_workers_that_died():
    crons = {periodic.task.name: periodic.cron for periodic in app.periodic_registry.periodic_tasks.values()}

    assert crons["playground.jobs.balances.read_due_balances"] == "* * * * *"
    assert crons["playground.jobs.worker.take_back"] == "* * * * *"
