"""The database goes away, stands still, has no connection left, is full: what was shown is kept, and pages say so."""

import time

import pytest

from tests.faults.conftest import counted
from tests.faults.tabs import Tab, stored
from tests.histories import faults_in


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_f26_a_restart_of_postgres_in_mid_run_loses_nothing(database, data, counting, history, mode):
    there = counting(120)
    with database.site(data, GATEWAY_URL=there.url) as server:
        person = server.person()
        tabs = [Tab(person, history) for _ in range(4)]
        for tab in tabs:
            tab.wait(20)
        for _ in range(2):
            database.server.restart(mode)
            time.sleep(0.3)
        seen = [tab.join() for tab in tabs]
        for tab in tabs:
            stored(person, tab.run, history)

    assert {each.state for each in seen} == {"succeeded"}
    assert {each.text() for each in seen} == {counted(120)}
    assert faults_in(history) == []
