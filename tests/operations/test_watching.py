"""What whoever watches over the site is told: whether it works, how much it does, what went wrong – and no secret with it."""

import json
import logging
import re

import pytest
from django.test import Client

from playground.logs import JsonLine, Line
from playground.runs.keeper import forget_keeper, keeper
from tests.runs.conftest import demo, owner  # noqa: F401


@pytest.fixture
def fresh_keeper():
    forget_keeper()
    yield keeper()
    forget_keeper()


def test_a_site_that_is_ready_says_so(db, fresh_keeper):
    for path in ("/healthz", "/readyz"):
        answer = Client().get(path)
        assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"ok\n", "text/plain")
        assert "no-store" in answer["Cache-Control"]


def test_a_process_that_is_about_to_end_is_sent_nobody(db, fresh_keeper):
    fresh_keeper.is_draining = True

    answer = Client().get("/readyz")

    assert (answer.status_code, answer.content) == (503, b"this process is about to end\n")
    assert Client().get("/healthz").status_code == 200


def test_without_its_redis_a_process_is_not_ready_but_lives(db, fresh_keeper, settings):
    settings.REDIS_URL = "redis://user:secret@127.0.0.1:9/0"

    answer = Client().get("/readyz")

    assert (answer.status_code, answer.content) == (503, b"redis does not answer (ConnectionError)\n")
    assert Client().get("/healthz").status_code == 200


def test_with_its_redis_it_is_ready(db, fresh_keeper, settings, redis_server):
    settings.REDIS_URL = redis_server

    assert Client().get("/readyz").status_code == 200


def test_tables_that_lag_behind_are_told(db, fresh_keeper, monkeypatch):
    from django.db.migrations.executor import MigrationExecutor

    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: [("one", False)])

    assert Client().get("/readyz").content == b"1 migrations are missing\n"


def test_there_are_no_metrics_without_a_token(db, fresh_keeper, settings):
    assert Client().get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a-long-token-of-the-operator"

    for given in (
        "",
        "Bearer ",
        "Bearer wrong",
        "Basic a-long-token-of-the-operator",
        "Bearer a-long-token-of-the-operatoR",
    ):
        assert Client().get("/metrics", headers={"authorization": given}).status_code == 404


LINE = re.compile(r'[a-z_]+(\{[a-z_]+="[^"\n]*"\})? [\d.e+-]+')


def test_metrics_are_as_prometheus_reads_them_and_count_what_happens(owner, site, settings):  # noqa: F811
    settings.METRICS_TOKEN = "a-long-token-of-the-operator"
    from tests.people import chat

    seen = owner.run("chat-stream", chat("a secret prompt"))
    with owner.socket():
        text = owner.http.get("/metrics", headers={"Authorization": "Bearer a-long-token-of-the-operator"}).text

    figures = [line for line in text.splitlines() if not line.startswith("#")]
    assert [line for line in figures if not LINE.fullmatch(line)] == []
    told = dict(line.rsplit(" ", 1) for line in figures)
    assert told['playground_runs_recent{state="succeeded"}'] == "1"
    assert told["playground_runs_running"] == told["playground_log_lines_dropped_total"] == "0"
    assert told["playground_processes"] == "1"
    assert told.keys() >= {f'playground_jobs{{status="{status}"}}' for status in ("todo", "doing", "failed")}
    assert int(told["playground_sockets"]) >= 1
    assert float(told["process_resident_memory_bytes"]) > 10_000_000
    assert int(told['playground_requests_total{status="2xx"}']) >= 1
    for private in ("secret", "example.com", "Demo", seen.run, "gpt"):
        assert private not in text


def a_record(message: str, *arguments: object, error: bool = False) -> logging.LogRecord:
    import sys

    try:
        raise ValueError("the gateway said: Bearer sk-planted0123456789")
    except ValueError:
        return logging.LogRecord(
            "playground", logging.WARNING, "x", 1, message, arguments, sys.exc_info() if error else None
        )


def test_a_log_of_json_has_one_object_a_line_with_its_time_in_utc():
    line = JsonLine().format(a_record("run %s went\nwrong", "7", error=True))

    told = json.loads(line)
    assert "\n" not in line
    assert told["at"].endswith("+00:00")
    assert (told["level"], told["logger"], told["message"], told["error"]) == (
        "warning",
        "playground",
        "run 7 went\nwrong",
        "ValueError",
    )


@pytest.mark.parametrize("formatter", [Line(), JsonLine()])
def test_what_looks_like_a_key_is_written_into_no_log(formatter):
    text = formatter.format(
        a_record("asked with %s and %s", "sk-planted0123456789", "Bearer tp_planted0123456789", error=True)
    )

    assert "planted" not in text
    assert "sk-…" in text


@pytest.mark.parametrize(
    "text", ["a\n2026-01-01 00:00:00 INFO accounts forged", "a\r\nb", "a\x1b[2Jb", "a\u2028b", "a\x85b"]
)
def test_nobody_writes_a_line_of_their_own_into_the_log(text):
    line = Line().format(a_record("Not Found: %s", text))

    assert len(line.splitlines()) == 1
    assert "\x1b" not in line


def test_a_forged_path_is_one_line_of_the_log(db, caplog):
    Client().get("/nothing/%0a2026-01-01%20INFO%20forged")

    (record,) = [one for one in caplog.records if "Not Found" in one.getMessage()]
    assert len(Line().format(record).splitlines()) == 1
