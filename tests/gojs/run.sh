#!/usr/bin/env bash
# Go programs made for JavaScript, stripped of it, on real engines. See README.md.
#
#   tests/gojs/run.sh                          everything
#   tests/gojs/run.sh programs/stdin worlds    only tests whose names begin so
exec "$(dirname "${BASH_SOURCE[0]}")/../with-engines.sh" gojs "$@"
