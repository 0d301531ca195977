#!/usr/bin/env bash
# Every function of WASI from a service alone and from the same service in worlds. See run.py.
exec "$(dirname "${BASH_SOURCE[0]}")/../with-engines.sh" wasi "$@"
