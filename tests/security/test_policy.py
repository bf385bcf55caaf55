"""What every answer tells the browser to forbid."""

import json
import re
import subprocess
import sys

from accounts.demo import OWNER
from playground.models import Run
from tests.security.addresses import VALUES, addresses
from tests.views.runs_made import make_run, spoken

STRICT = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data: blob:",
    "media-src": "'self' blob:", "font-src": "'self'", "connect-src": "'self'", "form-action": "'self'",
    "frame-ancestors": "'none'", "base-uri": "'none'",
}  # fmt: skip


NOBODY = VALUES["uuid"]


def directives(policy: str) -> dict[str, str]:
    pairs = (part.strip().partition(" ") for part in policy.split(";") if part.strip())
    return {name: re.sub(r" 'nonce-[\w+/=-]+'", "", sources) for name, _, sources in pairs}


FIXED = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def test_every_answer_carries_the_strict_policy(client_of, owner, team):
    key, run = team.keys.get(), make_run(team, owner, frames=spoken("text", "hello"))
    client, loose = client_of(OWNER), {}
    for address in addresses():
        real = str(run.uuid if "/runs/" in address.path else key.pk)
        answer = client.get(address.path.replace(NOBODY, real))
        policy = directives(answer.headers.get("Content-Security-Policy", ""))
        if policy != STRICT or {name: answer.headers.get(name) for name in FIXED} != FIXED:
            loose[address.path] = (policy, dict(answer.headers))

    assert loose == {}


def test_a_page_that_does_not_exist_carries_it_too(client_of, demo):
    answer = client_of(OWNER).get("/no/such/page/")

    assert (answer.status_code, directives(answer.headers["Content-Security-Policy"])) == (404, STRICT)


def test_a_nonce_is_good_for_one_page_only(client_of, demo):
    pages = [client_of(OWNER).get("/history/").headers["Content-Security-Policy"] for _ in range(2)]
    nonces = [set(re.findall(r"'nonce-([^']+)'", page)) for page in pages]

    assert not nonces[0] & nonces[1]


def test_pages_of_people_are_kept_in_no_shared_cache(client_of, owner, team):
    run: Run = make_run(team, owner, frames=spoken("text", "hello"))
    for path in (
        "/",
        "/history/",
        f"/runs/{run.uuid}/",
        f"/runs/{run.uuid}/request.json",
        "/keys/",
        "/team/",
        "/account/",
    ):
        answer = client_of(OWNER).get(path)

        kept = answer.headers.get("Cache-Control", "")
        assert kept == "private, no-store", path


def test_with_a_site_url_of_https_browsers_are_bound_to_it(settings):
    """Read as the operator's settings are: in a process of its own."""
    program = (
        "import os,json; os.environ['SITE_URL']='https://play.example'; import playground.settings as s;"
        "print(json.dumps([s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS if s.SECURE_HSTS_INCLUDE_SUBDOMAINS else 0,"
        " s.CSRF_TRUSTED_ORIGINS, s.ALLOWED_HOSTS[0], s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME]))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=settings.BASE_DIR,
        env={"DATA_DIR": str(settings.DATA_DIR), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip

    secure, csrf, hsts, origins, host, *names = json.loads(told.stdout)
    assert (secure, csrf, origins, host) == (True, True, ["https://play.example"], "play.example")
    assert hsts >= 31536000
    assert names == ["__Host-sessionid", "__Host-csrftoken"]
