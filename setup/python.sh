#!/bin/sh
# Makes .venv and installs into it what uv.lock names. Needs Python 3.11 or newer with venv, nothing else.
# The words given go to `uv sync`, for example --no-group dev.
set -eu

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        if fits "$name"; then echo "$name"; return; fi
    done
    echo "Python 3.11 or newer is needed and ${PYTHON:-python3} is not: install one or name it with PYTHON=…." >&2
    exit 1
}

# A virtual environment does not survive being moved or losing its Python.
if ! fits .venv/bin/python || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    echo "Making .venv with $("$python" --version)"
    if ! said=$("$python" -m venv --clear .venv 2>&1); then
        echo "$python cannot make a virtual environment: install its venv module (Debian: apt-get install python3-venv)." >&2
        echo "$said" >&2
        exit 1
    fi
fi

echo "Installing what uv.lock names"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement setup/uv.txt
# Inexact, because uv itself stands in .venv and in no lock.
UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy .venv/bin/python -m uv sync --quiet --frozen --inexact --no-progress "$@"
