"""What docs/security.md says is proved is proved: every test it names exists, and no item of level 1 is passed over."""

import json
import re
import tomllib
from pathlib import Path

import yaml
from django.conf import settings
from django.urls import reverse

ROOT = Path(settings.BASE_DIR)
TEXT = (ROOT / "docs" / "security.md").read_text()
LEVEL_1 = set(
    re.findall(
        r"V[\d.]+",
        """
V1.2.1 V1.2.2 V1.2.3 V1.2.4 V1.2.5 V1.3.1 V1.3.2 V1.5.1 V2.1.1 V2.2.1 V2.2.2 V2.3.1 V3.2.1 V3.2.2 V3.3.1
V3.4.1 V3.4.2 V3.5.1 V3.5.2 V3.5.3 V4.1.1 V4.4.1 V5.2.1 V5.2.2 V5.3.1 V5.3.2 V6.1.1 V6.2.1 V6.2.2 V6.2.3
V6.2.4 V6.2.5 V6.2.6 V6.2.7 V6.2.8 V6.3.1 V6.3.2 V6.4.1 V6.4.2 V7.2.1 V7.2.2 V7.2.3 V7.2.4 V7.4.1 V7.4.2
V8.1.1 V8.2.1 V8.2.2 V8.3.1 V9.1.1 V9.1.2 V9.1.3 V9.2.1 V10.4.1 V10.4.2 V10.4.3 V10.4.4 V10.4.5 V11.3.1
V11.3.2 V11.4.1 V12.1.1 V12.2.1 V12.2.2 V13.4.1 V14.2.1 V14.3.1 V15.1.1 V15.2.1 V15.3.1
        """,
    )
)


def test_every_named_test_exists():
    written = {
        name for path in (ROOT / "tests").rglob("*.py") for name in re.findall(r"def (test_\w+)", path.read_text())
    }
    named = set(re.findall(r"`(test_\w+)`", TEXT))

    assert len(named) > 80
    assert named - written == set()


def test_every_part_of_others_has_one_version_and_a_digest():
    python = [part for part in tomllib.loads((ROOT / "uv.lock").read_text())["package"] if "registry" in part["source"]]
    scripts = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    assert len(python) > 50 and len(scripts) > 50
    for part in python:
        files = [*part.get("wheels", []), *([part["sdist"]] if "sdist" in part else [])]
        assert files and all(file["hash"].startswith("sha256:") for file in files), part["name"]
    loose = {name for name, part in scripts.items() if name and not (part["version"] and part["integrity"])}
    assert loose == set()
    assert "within 7 days, within 2 where it is being used" in TEXT


def test_every_item_of_level_1_has_its_place():
    assert set(re.findall(r"\bV\d+\.\d+\.\d+\b", TEXT.partition("## Level 2")[0])) == LEVEL_1


def test_every_item_is_proved_by_a_test():
    rows = re.findall(r"^\| (V[\d.]+) \|.*\| ([^|]*) \|$", TEXT, re.MULTILINE)

    assert [item for item, proof in rows if "`test_" not in proof] == []
    assert len({item for item, _ in rows}) == len(rows)


def test_the_proxy_speaks_tls_only_and_sets_what_the_site_believes():
    proxy = (ROOT / "deploy" / "nginx" / "site.conf.template").read_text()

    assert re.findall(r"ssl_protocols (.*);", proxy) == ["TLSv1.2 TLSv1.3"]
    assert re.search(r"listen 80;.*?return 308 https://", proxy, re.DOTALL)
    for line in ("X-Forwarded-For $remote_addr", "X-Forwarded-Proto https", "X-Forwarded-Host $host", 'Forwarded ""'):
        assert f"proxy_set_header {line};" in proxy
    assert "proxy_buffering off;" in proxy and "location = /metrics { return 404; }" in proxy


def test_no_location_of_the_proxy_forgets_what_all_of_them_set():
    """A `proxy_set_header` in a location would make nginx drop all those of the server there, and take the visitor's own."""
    proxy = (ROOT / "deploy" / "nginx" / "site.conf.template").read_text()
    locations = re.findall(r"location [^{]*\{([^}]*)\}", proxy)

    assert len(locations) == 9
    assert [location for location in locations if "proxy_set_header" in location] == []
    assert "proxy_set_header Upgrade $" in proxy


def test_no_log_of_the_proxy_repeats_an_address_that_lets_people_in():
    whole = (ROOT / "deploy" / "nginx" / "nginx.conf").read_text()
    [secret] = re.findall(r'"~\^\(\?<begin>(.*)\)"', whole)
    [written] = re.findall(r"log_format visits '([^']*)'", whole)

    for name, given in (
        ("team_join", {"token": "t"}),
        ("shared", {"token": "t"}),
        ("account_confirm_email", {"key": "k"}),
        ("account_reset_password_from_key", {"uidb36": "1", "key": "k"}),
    ):
        assert re.match(secret, reverse(name, kwargs=given)), name
    assert "$logged" in written
    assert not {"$request", "$request_uri", "$uri", "$http_referer", "$args"} & set(re.findall(r"\$\w+", written))
    assert "access_log /var/log/nginx/access.log visits;" in whole
    # Its log of errors has no form of its own: what goes wrong with these addresses is written nowhere.
    proxy = (ROOT / "deploy" / "nginx" / "site.conf.template").read_text()
    assert f"location ~ ^{secret} {{\n        error_log /dev/null;" in proxy


def test_what_is_deployed_gives_every_part_what_it_needs_and_no_more():
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]
    web, worker = services["web"], services["worker"]

    assert set(services) == {"web", "worker", "nginx", "postgres", "redis"}
    assert worker["command"] == ["jobs"]
    assert web["environment"]["JOBS"] == "off"
    for part in (web, worker):
        assert (part["read_only"], part["cap_drop"], part["security_opt"]) == (
            True,
            ["ALL"],
            ["no-new-privileges:true"],
        )
    assert [name for name, part in services.items() if "ports" in part] == ["nginx"]
    assert services["postgres"]["networks"] == services["redis"]["networks"] == ["inside"]


def test_every_variable_of_the_example_is_one_that_is_read():
    example = (ROOT / "deploy" / "site.env.example").read_text()
    compose = (ROOT / "deploy" / "compose.yaml").read_text()
    told = set(re.findall(r"`([A-Z][A-Z_]+)`", (ROOT / "docs" / "setup.md").read_text()))
    named = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))

    assert {name for name in named if name not in told and f"${{{name}" not in compose} == set()
    assert (
        re.findall(r"^(?:POSTGRES_PASSWORD|REDIS_PASSWORD|SECRET_KEY|KEY_ENCRYPTION_KEYS)=(.+)$", example, re.MULTILINE)
        == []
    )
