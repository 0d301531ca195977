#!/usr/bin/env bash
# From a fresh clone to a running world: builds parigot-opt, compiles the services of examples/greeting, winds them into one
# module, and runs that module on Node.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Says what it runs, and runs it.
run() {
  echo "\$ $*"
  "$@"
  echo
}

scripts/setup.sh
eval "$(scripts/engines.sh --demo --env)"
services=$(examples/greeting/build.sh)
services=${services#"$PWD/"}
out=build/demo
mkdir -p "$out"

echo "The services, each compiled on its own:"
# shellcheck disable=SC2012 # these names are ours
(cd "$services" && ls -l -- *.wasm | awk '{ printf "  %-12s %9d bytes\n", $NF, $5 }')
echo
run build/bin/parigot-opt build "$services/world.toml" -o "$out/greeting.wasm" -O2
echo "\$ build/bin/parigot-opt inspect $out/greeting.wasm    # the first part"
build/bin/parigot-opt inspect "$out/greeting.wasm" | sed '/^host imports/,$d'

if [ -z "$PARIGOT_NODE" ]; then
  echo "demo.sh: $out/greeting.wasm is there, but no Node to run it: $PARIGOT_NODE_MISSING" >&2
  exit 1
fi
echo "\$ node tests/e2e/hosts/node/host.mjs one $out/greeting.wasm"
"$PARIGOT_NODE" tests/e2e/hosts/node/host.mjs one "$out/greeting.wasm"
