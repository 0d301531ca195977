#!/usr/bin/env bash
# Programs that were made coroutines by Asyncify, on real engines. See run.py.
exec "$(dirname "${BASH_SOURCE[0]}")/../../with-engines.sh" coroutines/asyncify "$@"
