"""Balances of the sandbox: as new-api tells them, and moving with every call."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

PROMPT = {"messages": [{"role": "user", "content": "Hello"}]}


def call(sandbox: str, key: str, model: str = "gpt-4o-mini:fast", **more: Any) -> httpx.Response:
    headers = {"authorization": f"Bearer {key}"}
    return httpx.post(f"{sandbox}/v1/chat/completions", json={"model": model, **PROMPT, **more}, headers=headers)


def quota(sandbox: str, key: str) -> dict[str, Any]:
    return httpx.get(f"{sandbox}/api/usage/token/", headers={"authorization": f"Bearer {key}"}).json()["data"]


def test_a_fresh_key_has_used_nothing(sandbox: str) -> None:
    figures = quota(sandbox, "sk-fresh")

    assert figures.pop("name").startswith("sandbox-")
    assert figures == {
        "object": "token_usage",
        "total_granted": 50_000_000,
        "total_used": 0,
        "total_available": 50_000_000,
        "unlimited_quota": False,
        "model_limits": {},
        "model_limits_enabled": False,
        "expires_at": 0,
    }


def test_a_call_is_paid_by_its_tokens_and_its_models_price(sandbox: str) -> None:
    cheap = call(sandbox, "sk-cheap").json()["usage"]
    call(sandbox, "sk-dear", model="gpt-4o:fast", stream=True).read()

    used = quota(sandbox, "sk-cheap")["total_used"]
    assert used == round((cheap["prompt_tokens"] + 4 * cheap["completion_tokens"]) * 0.075)
    assert quota(sandbox, "sk-dear")["total_used"] == pytest.approx(used * 1.25 / 0.075, rel=0.05)
    assert quota(sandbox, "sk-fresh")["total_used"] == 0


def test_all_ways_to_ask_for_a_balance_agree(sandbox: str) -> None:
    call(sandbox, "sk-agree")
    headers = {"authorization": "Bearer sk-agree"}

    used = quota(sandbox, "sk-agree")["total_used"]
    for prefix in ("/v1", ""):
        usage = httpx.get(f"{sandbox}{prefix}/dashboard/billing/usage?start_date=2025-01-01", headers=headers).json()
        limits = httpx.get(f"{sandbox}{prefix}/dashboard/billing/subscription", headers=headers).json()
        assert (usage["object"], usage["total_usage"]) == ("list", used / 500_000 * 100)
        assert (limits["hard_limit_usd"], limits["access_until"]) == (100, 0)


def test_the_prefix_of_a_key_may_be_left_out_of_its_balance(sandbox: str) -> None:
    call(sandbox, "sk-prefix")

    assert quota(sandbox, "prefix") == quota(sandbox, "sk-prefix")


@pytest.mark.parametrize(
    ("headers", "message"), [({}, "No Authorization header"), ({"authorization": "sk-1"}, "Invalid Bearer token")]
)
def test_failure_is_told_with_another_word_than_success(sandbox: str, headers: Any, message: str) -> None:
    answer = httpx.get(f"{sandbox}/api/usage/token/", headers=headers)

    assert (answer.status_code, answer.json()) == (401, {"success": False, "message": message})


def test_spent_expired_and_limited_keys_say_so(sandbox: str) -> None:
    spent, expired, limited = (quota(sandbox, f"sk-demo-{end}") for end in ("empty", "expired", "limited"))

    assert spent["total_available"] == 0 < expired["expires_at"] < 1_764_000_000
    assert (limited["model_limits"], limited["model_limits_enabled"]) == ({"gpt-4o-mini": True}, True)


def test_without_its_last_slash_the_path_is_redirected(sandbox: str) -> None:
    answer = httpx.get(f"{sandbox}/api/usage/token")

    assert (answer.status_code, answer.headers["location"]) == (301, f"{sandbox}/api/usage/token/")


def test_a_key_that_has_used_everything_is_refused(sandbox: str) -> None:
    from playground.sandbox.keys import Key

    file = Path(os.environ["DATA_DIR"]) / "sandbox-quotas.json"
    quota(sandbox, "sk-rich")
    figures = json.loads(file.read_bytes()) if file.exists() else {}
    file.write_text(json.dumps({**figures, Key("sk-rich").fingerprint: 50_000_000}))

    assert quota(sandbox, "sk-rich")["total_available"] == 0
    assert call(sandbox, "sk-rich").json()["error"]["code"] == "insufficient_user_quota"


def test_processes_share_the_quotas_of_keys_and_no_key_is_written_down(tmp_path: Path) -> None:
    spends = (
        "import asyncio\nfrom playground.sandbox import ledger, keys\n"
        "async def main():\n"
        "    for _ in range(50):\n"
        "        ledger.spend(keys.Key('sk-shared').fingerprint, 3)\n"
        "        await ledger.used('x')\n"
        "asyncio.run(main())"
    )
    environment = {**os.environ, "DATA_DIR": str(tmp_path)}

    both = [subprocess.Popen([sys.executable, "-c", spends], env=environment) for _ in range(2)]

    assert [process.wait() for process in both] == [0, 0]
    assert list(json.loads((tmp_path / "sandbox-quotas.json").read_bytes()).values()) == [300]
    assert [file.name for file in tmp_path.iterdir() if b"sk-shared" in file.read_bytes()] == []


def test_status_and_prices_are_open_to_all(sandbox: str) -> None:
    status, pricing = (httpx.get(f"{sandbox}/api/{name}").json() for name in ("status", "pricing"))

    prices = {row["model_name"]: row for row in pricing["data"]}
    assert (status["success"], status["data"]["quota_per_unit"]) == (True, 500_000)
    assert (prices["gpt-4o"]["model_ratio"], prices["gpt-4o"]["completion_ratio"]) == (1.25, 4)
    assert (prices["sora-2"]["quota_type"], prices["sora-2"]["model_price"]) == (1, 0.1)
