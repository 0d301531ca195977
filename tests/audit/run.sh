#!/usr/bin/env bash
# What published binaries of Go and TinyGo ask of JavaScript; see run.py.
exec "$(dirname "${BASH_SOURCE[0]}")/../with-engines.sh" audit "$@"
