#!/usr/bin/env bash
# Random attacks on isolated worlds; see run.py.
exec "$(dirname "${BASH_SOURCE[0]}")/../../with-engines.sh" isolation/attacks "$@"
