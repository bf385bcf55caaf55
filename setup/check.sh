#!/bin/sh
# Everything about the code that a machine can judge without running it. All of it is told, then the exit code.
set -u

bin=.venv/bin
failed=""
export DATA_DIR="${TMPDIR:-/tmp}/playground-check-$$"
trap 'rm -rf "$DATA_DIR"' EXIT

try() {
    what=$1
    shift
    "$@" || { failed="$failed, $what"; echo "✗ $what"; }
}

try "format" $bin/ruff format --check --quiet .
try "lint" $bin/ruff check --quiet .
try "types" $bin/mypy
try "templates" $bin/djlint templates --lint --quiet
try "import layers" $bin/lint-imports --no-logo
try "migrations" $bin/python manage.py makemigrations --check --dry-run
try "translations" $bin/python setup/texts.py check

[ -z "$failed" ] || { echo "Not as it should be: ${failed#, }."; exit 1; }
echo "All is as it should be."
