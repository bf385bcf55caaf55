"""The server's time for every main page, with a thousand runs in the table."""

from typing import Any

from bench.figures import quantile
from bench.parts.history import make_runs
from bench.site import Site

RUNS = 1000
PATHS = (
    "/",
    "/history/",
    "/history/?state=failed",
    "/runs/{run}/",
    "/saved/",
    "/models/",
    "/keys/",
    "/balances/",
    "/team/",
)
WARM, ASKED = 3, 30


async def pages(site: Site) -> dict[str, Any]:
    """One request after another over one connection; a page that does not exist is told and left out."""
    paths = prepare(site)
    times = {path: _times(site, path) for path in paths}
    found = {path: seconds for path, seconds in times.items() if seconds}
    return {
        "p95_ms": quantile([second for seconds in found.values() for second in seconds], 0.95) * 1000,
        "each_p95_ms": {path: quantile(seconds, 0.95) * 1000 for path, seconds in found.items()},
        "missing": [path for path in paths if path not in found],
    }


def prepare(site: Site) -> list[str]:
    """See to the runs; the paths to ask for."""
    with site.database() as database:
        held = database.execute("SELECT count(*) FROM playground_run").fetchone()
        if held and held[0] < RUNS:
            make_runs(site, RUNS)
        newest = database.execute(
            "SELECT run.uuid FROM playground_run run JOIN accounts_team team ON team.id = run.team_id"
            " WHERE team.name = 'Demo team' AND state <> 'running' ORDER BY run.id DESC LIMIT 1"
        ).fetchone()
    assert newest
    return [path.format(run=newest[0]) for path in PATHS]


def _times(site: Site, path: str) -> list[float]:
    visitor = site.visitor()
    answers = [visitor.get(path) for _ in range(WARM + ASKED)]
    if answers[0].status == 404:
        return []
    wrong = {answer.status for answer in answers} - {200}
    if wrong:
        raise RuntimeError(f"{path} answered {sorted(wrong)}")
    return [answer.seconds for answer in answers[WARM:]]
