#!/usr/bin/env bash
# The runtime modules, without the pass that merges them. See run.py.
exec "$(dirname "${BASH_SOURCE[0]}")/../with-engines.sh" runtime "$@"
