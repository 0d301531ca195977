#!/usr/bin/env bash
# Programs that yield out of host calls and are resumed, on real engines. See README.md.
#
#   tests/coroutines/run.sh                  everything
#   tests/coroutines/run.sh go1.27-wasip1    only tests whose names begin so
exec "$(dirname "${BASH_SOURCE[0]}")/../with-engines.sh" coroutines "$@"
