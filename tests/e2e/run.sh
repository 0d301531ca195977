#!/usr/bin/env bash
# Real services on real engines: each case wound into one world, against the same services apart. See README.md.
#
#   tests/e2e/run.sh                 all cases
#   tests/e2e/run.sh nested wasi-c   only these
#   tests/e2e/run.sh --update        record what the services print apart, on Node, as what is expected
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
env=$("$root/scripts/engines.sh" --env)
set -a
eval "$env"
set +a
mkdir -p "$root/build/tests/e2e"
exec 9>"$root/build/tests/e2e/lock"
flock 9 # a second run would take the first one's files away
exec python3 -B "$root/tests/e2e/run.py" "$@"
