#!/usr/bin/env bash
# What linters say of this repository, which is what the suite `house` of test.sh checks.
#
#   scripts/lint.sh          says what is wrong
#   scripts/lint.sh --fix    formats the C++ files first
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/setup.sh --tools
if [ "${1-}" = --fix ]; then
  git ls-files -z -co --exclude-standard '*.h' '*.cpp' | xargs -0 clang-format-14 -i --style=file
fi
exec tests/house/run.py
