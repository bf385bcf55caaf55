#!/bin/sh
# Sees to the programs that the tests run: installs what is missing where it may, else says what is missing.
set -eu

# The vendors' libraries for JavaScript, which samples are run with.
libraries=tests/samples/javascript
if [ ! -e $libraries/node_modules/.installed ] || [ $libraries/package-lock.json -nt $libraries/node_modules/.installed ]; then
    sh setup/node.sh npm ci --prefix $libraries --ignore-scripts --no-audit --no-fund --loglevel=error
    touch $libraries/node_modules/.installed
fi

missing=""
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }

need chromium chromium
need redis-server redis-server

# Samples are run in the languages that this machine can have.
need bash bash
need curl curl
need node nodejs
need java default-jdk-headless
need gcc gcc
need go golang-go
need ruby ruby
need php php-cli
need Rscript r-base-core
php -m 2>/dev/null | grep -qx curl || missing="$missing php-curl"
echo '#include <curl/curl.h>' | gcc -E - >/dev/null 2>&1 || missing="$missing libc6-dev libcurl4-openssl-dev"
Rscript -e 'quit(status = !requireNamespace("httr", quietly = TRUE))' >/dev/null 2>&1 || missing="$missing r-cran-httr"

[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing for the tests:$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "The tests need programs that are missing here. Install them: apt-get install$missing" >&2
    exit 1
fi
