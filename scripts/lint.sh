#!/usr/bin/env bash
# What linters say of this repository: clang-format, shellcheck and ruff, which the suite `house` of test.sh asks as well, and
# clang-tidy (.clang-tidy), which takes 5 to 15 seconds a file.
#
#   scripts/lint.sh             all linters; clang-tidy for the C++ files that differ from main
#   scripts/lint.sh FILE...     clang-tidy for these
#   scripts/lint.sh --all       clang-tidy for all
#   scripts/lint.sh --fix ...   formats the C++ files first
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fix=no
if [ "${1-}" = --fix ]; then
  fix=yes
  shift
fi
case ${1-} in
  --all | '') ;;
  -*) echo "lint.sh: unknown option $1" >&2; exit 2 ;;
esac

missing=no
need() {
  command -v "$1" >/dev/null && return
  echo "lint.sh: missing tool: $1: apt-get install --no-install-recommends $2" >&2
  missing=yes
}
need clang-format-14 clang-format-14
need shellcheck shellcheck
need clang-tidy-19 clang-tidy-19
[ "$missing" = no ] || exit 1
if [ ! -e build/compile_commands.json ]; then
  echo "lint.sh: there is no build, from which clang-tidy takes how files are compiled: scripts/setup.sh makes it" >&2
  exit 1
fi

if [ "$fix" = yes ]; then
  git ls-files -z -co --exclude-standard '*.h' '*.cpp' | xargs -0 clang-format-14 -i --style=file
fi

# What differs from main, committed or not.
files=("$@")
if [ ${#files[@]} -eq 0 ]; then
  base=$(git merge-base HEAD origin/main 2>/dev/null || git merge-base HEAD main 2>/dev/null || echo HEAD)
  mapfile -t files < <(
    { git diff --name-only --diff-filter=d "$base" -- '*.h' '*.cpp'; git ls-files -o --exclude-standard '*.h' '*.cpp'; } | sort -u)
fi

failed=0
tests/house/run.py || failed=1
if [ ${#files[@]} -gt 0 ]; then
  scripts/lint/tidy.py "${files[@]}" || failed=1
fi
exit $failed
