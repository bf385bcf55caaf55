#!/bin/sh
# Run the tests, those in a real browser first. Thousands of them start servers, kill them and wait for them on whatever
# machine this is: the few that fail are run once more by themselves. What fails twice has failed; what passes then is
# told, as a test that needs mending.
set -u

python=${PYTHON:-.venv/bin/python}
few=5
kept=$(mktemp -d)
trap 'rm -rf "$kept"' EXIT

failed_tests() { [ -e "$kept/$1/v/cache/lastfailed" ] && grep -o '"[^"]*": true' "$kept/$1/v/cache/lastfailed"; }

run() {
    name=$1
    shift
    "$python" -m pytest -o cache_dir="$kept/$name" "$@"
    code=$?
    [ $code = 1 ] || return $code
    names=$(failed_tests "$name")
    [ "$(echo "$names" | wc -l)" -le $few ] || return 1
    echo "Once more, by themselves:"
    echo "$names"
    "$python" -m pytest -o cache_dir="$kept/$name" --last-failed --last-failed-no-failures none "$@" || return 1
    echo "UNSTEADY, passed the second time only:"
    echo "$names"
}

if [ $# -gt 0 ]; then
    run chosen "$@"
    exit
fi
run browser tests/browser
browser=$?
run others || exit 1
[ $browser = 0 ] || { echo "The browser tests failed: see above."; exit 1; }
