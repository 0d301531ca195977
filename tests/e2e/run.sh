#!/usr/bin/env bash
# Real services on real engines: each case wound into one world, against the same services apart. See README.md.
#
#   tests/e2e/run.sh                 all cases
#   tests/e2e/run.sh nested wasi-c   only these
#   tests/e2e/run.sh --update        record what the services print apart, on Node, as what is expected
exec "$(dirname "${BASH_SOURCE[0]}")/../with-engines.sh" e2e "$@"
