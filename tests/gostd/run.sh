#!/usr/bin/env bash
# Tests of Go's own standard library, compiled for JavaScript: under wasm_exec.js, and stripped of it on real engines. See run.py.
#
#   tests/gostd/run.sh                     each package on one engine; what takes minutes is left out
#   tests/gostd/run.sh --all               every package and test on every engine
#   tests/gostd/run.sh --engine=node os    this package on this engine
exec "$(dirname "${BASH_SOURCE[0]}")/../with-engines.sh" gostd "$@"
