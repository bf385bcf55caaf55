"""The words of a run are made soon after its end, by the server itself."""

import time

from playground.models import Run, RunWords
from playground.runs.finding import Filters, find
from tests.people import chat
from tests.upstream import chat as streams


def test_a_run_is_found_soon_after_its_end_by_request_and_answer(owner, gateway):
    gateway(streams("银河", "与星河"))

    seen = owner.run("chat-stream", chat("请谈谈紫薇花"))
    run = Run.objects.get(uuid=seen.run)

    for _ in range(100):
        if RunWords.objects.filter(run=run).exists():
            break
        time.sleep(0.05)
    for question in ("紫薇", "银河与星河"):
        assert [row["id"] for row in find(run.team, Filters(q=question)).rows] == [run.id]
