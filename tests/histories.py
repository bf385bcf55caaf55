"""What every actor of a fault test saw, written down as it happened, and the checker that judges it afterwards.

Actors are the scripted upstream, the stored log and each client. A line is `{t, actor, kind, run, seq, hash}`.
"""

import hashlib
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from tests.people import Seen

STORE = "store"
UPSTREAM = "upstream"


@dataclass
class History:
    """Lines of all actors in the order they were written; safe to write from any thread."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, actor: str, kind: str, run: str, **more: Any) -> None:
        with self._lock:
            self.lines.append({"t": time.monotonic(), "actor": actor, "kind": kind, "run": run, **more})

    def asked(self, run: str) -> None:
        """The upstream was asked on behalf of this run."""
        self.write(UPSTREAM, "asked", run)

    def sent(self, run: str, text: str) -> None:
        """The upstream had finished sending this text."""
        self.write(UPSTREAM, "sent", run, text=text)

    def saw(self, actor: str, seen: Seen, restarted: bool = False) -> None:
        """A client saw these frames, after all it had seen before; `restarted` marks a reload from 0."""
        if restarted:
            self.write(actor, "reload", seen.run)
        for frame in seen.frames:
            text = frame.get("text", "") if frame["kind"] == "text" else ""
            self.write(actor, "frame", seen.run, seq=frame["seq"], text=text)
        if seen.state:
            self.write(actor, "end", seen.run, state=seen.state)

    def stored(self, seen: Seen) -> None:
        """The whole log as the database tells it at the end."""
        self.saw(STORE, seen, restarted=True)

    def of(self, run: str, actor: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["run"] == run and line["actor"] == actor]


def faults_in(history: History, secrets: tuple[str, ...] = ()) -> list[str]:
    """Every rule that was broken, as a sentence; an empty list is a clean history."""
    runs = dict.fromkeys(line["run"] for line in history.lines)
    return [fault for run in runs for fault in _run_faults(history, run)] + _leaks(history, secrets)


def _run_faults(history: History, run: str) -> list[str]:
    clients = dict.fromkeys(
        line["actor"] for line in history.lines if line["run"] == run and line["actor"] not in (UPSTREAM, STORE)
    )
    kept = _text(history.of(run, STORE))
    found = _loss(history, run, kept) + _once(history, run) + _ends(history, run)
    for actor in (*clients, STORE):
        found += _order(history.of(run, actor), actor, run)
    for actor in clients:
        found += _agreement(history, run, actor, kept)
    return found


def _loss(history: History, run: str, kept: str) -> list[str]:
    sent = "".join(line["text"] for line in history.of(run, UPSTREAM) if line["kind"] == "sent")
    return [] if kept.startswith(sent) else [f"{run}: the upstream sent {len(sent)} characters, {len(kept)} are stored"]


def _once(history: History, run: str) -> list[str]:
    asked = sum(1 for line in history.of(run, UPSTREAM) if line["kind"] == "asked")
    return [] if asked <= 1 else [f"{run}: the upstream was asked {asked} times"]


def _ends(history: History, run: str) -> list[str]:
    states = {line["state"] for line in history.lines if line["run"] == run and line["kind"] == "end"}
    return [] if len(states) == 1 else [f"{run}: ended as {sorted(states) or 'nothing'}"]


def _order(lines: list[dict[str, Any]], actor: str, run: str) -> list[str]:
    expected, found = 1, []
    for line in lines:
        if line["kind"] == "reload":
            expected = 1
        elif line["kind"] == "frame":
            if line["seq"] != expected:
                found.append(f"{run}: {actor} saw frame {line['seq']} where {expected} was due")
            expected = line["seq"] + 1
    return found


def _agreement(history: History, run: str, actor: str, kept: str) -> list[str]:
    lines = history.of(run, actor)
    shown = _text(lines)
    if not kept.startswith(shown):
        return [f"{run}: {actor} was shown what is not stored"]
    if any(line["kind"] == "end" for line in lines) and _hash(shown) != _hash(kept):
        return [f"{run}: {actor} saw the end with another text than the stored one"]
    return []


def _leaks(history: History, secrets: tuple[str, ...]) -> list[str]:
    told = "".join(line.get("text", "") for line in history.lines if line["actor"] != UPSTREAM)
    return ["a secret was told" for secret in secrets if secret in told]


def _text(lines: list[dict[str, Any]]) -> str:
    """The text since the last reload."""
    text = ""
    for line in lines:
        text = "" if line["kind"] == "reload" else text + line.get("text", "")
    return text


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
