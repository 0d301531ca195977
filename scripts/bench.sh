#!/usr/bin/env bash
# The figures of this project, measured side by side in one run. Builds what it needs first.
#
#   scripts/bench.sh                    everything, about 45 minutes
#   scripts/bench.sh --quick            few repetitions, nothing that takes long: about 15 minutes
#   scripts/bench.sh wind call          only these sections
#   scripts/bench.sh --json             the figures for a program to read
#
#   wind       time and memory of winding two Go services, against wasm-merge on the same inputs
#   cache      building ten Go services with -O2: optimising the world as a whole, each service alone, nothing new, one service new
#   debug      time, memory and size of debug information: -g, against without
#   compute    the speed of a program at a base other than 0, against itself unmerged
#   layouts    every way to wind a C program and a Go one, in speed and code size, against them alone and wasm-merge's work
#   call       a service call in one world, against one that a host carries between two instances
#   host-call  a WASI call from a service that is not at base 0, against one from the same service unwound
#   descriptors   a host call with a descriptor of the service's own, against one where all services share the host's
#   resident   the memory that an engine holds for ten services, against the sum of what they use
#   gojs       a Go program stripped of its JavaScript shim, against itself on Node with it; what stripping takes
#   kernel     a call between two processes of parigot in one world, against one that a host carries, and against gRPC; what part of
#              it is the guests' own work, and which part of the calls goes to the callee at once
#   kernel-start   ten processes started in one world and apart, until each has answered
#   coroutines     what it costs a program that it could wait in a host call
#   versus     what becomes of WASI services that wasm-merge merges, and what of a world
#
# The report is also in build/bench/report.md and report.json. Every comparison alternates between its sides, and its ratio is
# the median of the ratios of the rounds. Times of code that runs are CPU time of the thread that runs it, after compilation,
# so that a machine that is busy disturbs them less.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/setup.sh
env=$(scripts/engines.sh --env)
set -a
eval "$env"
# shellcheck disable=SC2034 # bench.py reads it
PARIGOT_BINARYEN_BIN=$(third_party/binaryen/build.sh --print-prefix)/bin
set +a
exec python3 -B scripts/bench/bench.py "$@"
