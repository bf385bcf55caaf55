"""What each key has used, in one small file that all processes of a server share.

Calls are added up in memory and written a moment later, by a thread; whoever asks for a figure writes first. Keys stand in the
file by their fingerprint only.
"""

import asyncio
import fcntl
import logging
import os
import threading
from collections import Counter
from pathlib import Path
from tempfile import NamedTemporaryFile

import orjson

_A_MOMENT = 0.1
_MOST_KEYS = 10_000

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_pending: Counter[str] = Counter()
_written: dict[str, int] = {}
_writer: asyncio.Task[None] | None = None


def spend(fingerprint: str, units: int) -> None:
    """Note what a call cost; it is written soon."""
    global _writer
    with _lock:
        _pending[fingerprint] += units
    loop = asyncio.get_running_loop()
    if _writer is None or _writer.done() or _writer.get_loop() is not loop:
        _writer = loop.create_task(_write_soon())


async def used(fingerprint: str) -> int:
    """What a key has used by now, in every process."""
    await asyncio.to_thread(_write)
    return await about_used(fingerprint)


async def about_used(fingerprint: str) -> int:
    """What this process knows a key has used; looks into the file only the first time."""
    if fingerprint not in _written:
        await asyncio.to_thread(_write)
        _written.setdefault(fingerprint, 0)
    with _lock:
        return _written.get(fingerprint, 0) + _pending[fingerprint]


async def _write_soon() -> None:
    await asyncio.sleep(_A_MOMENT)
    await asyncio.to_thread(_write)


def _folder() -> Path:
    return Path(os.environ.get("DATA_DIR") or "./var")


def _write() -> None:
    """Write what is pending. Where nothing can be written it goes on being counted in memory."""
    try:
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "sandbox-quotas.lock").open("a") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            _add_up(folder / "sandbox-quotas.json")
    except OSError as problem:
        _log.warning("the sandbox cannot write its quotas: %s", problem)


def _add_up(file: Path) -> None:
    """Add what is pending to the file, and learn what other processes wrote."""
    global _written
    with _lock:
        figures = _read(file)
        for fingerprint, units in _pending.items():
            if units:
                figures[fingerprint] = figures.pop(fingerprint, 0) + units
        if any(_pending.values()):
            _replace(file, dict(list(figures.items())[-_MOST_KEYS:]))
        _pending.clear()
        _written = figures


def _read(file: Path) -> dict[str, int]:
    try:
        figures = orjson.loads(file.read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return {}
    return (
        {name: units for name, units in figures.items() if isinstance(units, int)} if isinstance(figures, dict) else {}
    )


def _replace(file: Path, figures: dict[str, int]) -> None:
    with NamedTemporaryFile("wb", dir=file.parent, prefix=".sandbox-quotas-", delete=False) as draft:
        draft.write(orjson.dumps(figures))
    Path(draft.name).replace(file)
