#!/usr/bin/env bash
# Runs tests/SUITE/run.py with the engines of scripts/engines.sh in its environment:
#
#   tests/with-engines.sh SUITE [ARGUMENT]...
#
# One run of a suite at a time: a second one would take the first one's files away.
set -euo pipefail
suite=$1
shift
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
env=$("$root/scripts/engines.sh" --env)
set -a
eval "$env"
set +a
mkdir -p "$root/build/tests/$suite"
exec 9>"$root/build/tests/$suite/lock"
flock 9
exec python3 -B "$root/tests/$suite/run.py" "$@"
