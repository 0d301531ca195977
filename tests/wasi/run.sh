#!/usr/bin/env bash
# Every function of WASI from a service alone and from the same service in worlds. See run.py.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
env=$("$root/scripts/engines.sh" --env)
set -a
eval "$env"
set +a
mkdir -p "$root/build/tests/wasi"
exec 9>"$root/build/tests/wasi/lock"
flock 9 # a second run would take the first one's files away
exec python3 -B "$root/tests/wasi/run.py" "$@"
