#!/usr/bin/env bash
# Isolated services, attacked; see run.py.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
env=$("$root/scripts/engines.sh" --env)
set -a
eval "$env"
set +a
exec python3 -B "$root/tests/isolation/run.py" "$@"
