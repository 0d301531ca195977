#!/usr/bin/env bash
# Isolated services, attacked; see run.py.
exec "$(dirname "${BASH_SOURCE[0]}")/../with-engines.sh" isolation "$@"
