#!/usr/bin/env bash
# Every test of this repository, from a fresh clone on.
#
#   scripts/test.sh                    all suites
#   scripts/test.sh lit unit           only these
#
#   unit           Catch2: the model, address spaces, call ABIs, command lines
#   house          the house in order: includes run down, C++, Python and shell scripts as their linters have them
#   docs           commands, files and links of README.md, docs and --help
#   lit            FileCheck: each pass and tool, input beside expectation
#   install        cmake --install, and plugins that are compiled against it outside of the tree
#   runtime        the runtime modules for Go's JavaScript shim, beside real programs, on Node
#   fuzz           damaged input for 30 seconds: errors, never a crash; tests/fuzz/run.py goes on longer
#   audit          what published binaries of Go and TinyGo ask of JavaScript
#   smith          200 modules of another generator, wasm-smith: alone and in isolated worlds, on Node
#   worlds         50 random worlds, apart and in one module; tests/fuzz/worlds/run.py makes more
#   isolation      isolated services, attacked: every memory instruction at every edge, against the same alone
#   attacks        200 random attacks on isolated worlds; tests/isolation/attacks/run.py makes more
#   mutants        mutants of verified worlds: what the verifier accepts must not reach outside; tests/isolation/mutants/run.py makes more
#   plugins        a plugin as main: its host finds every byte where the plugin says, in both layouts, on real engines
#   unwinding      calls that end by exceptions and traps, or interleave: what they leave behind, on real engines
#   binaryen-lit   Binaryen's own suite, against our wasm-opt
#   spec           Binaryen's test/spec, each module wound into a world of two, on Node
#   wasi           every function of WASI from a service alone and in worlds, on real engines
#   e2e            real services, wound into one world, on real engines
#   gojs           Go programs compiled for JavaScript, stripped of it, on real engines
#   gostd          Go's own tests of its standard library: under JavaScript, and stripped of it; tests/gostd/run.py --all has more
#   debug          lines, inlined calls and pcs that are read from binaries of Go, against what those say themselves
#   parigot        parigot's processes and their kernel: apart under a reference host, and in one module on real engines
#   coroutines     programs of Go that yield out of host calls and are resumed, on real engines
#   coroutines-asyncify   the same for programs of C and Rust
#   asan           unit, lit and fuzz under AddressSanitizer and UndefinedBehaviorSanitizer, from a build of its own
#
# One line per suite, what failed and what was skipped (and why) below it, and the sum as the last line. Fails when a test does.
# A suite is a program that prints "FAIL <test>: <why>", "SKIP <test>: <why>", and as its last line
# "<suite>: N passed, M failed, K skipped". What it prints besides is in build/tests/<suite>.log. With CI=true, a test that was
# skipped for want of a tool ("missing tool: ...") has failed: a machine of the project has all of them.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

all=(unit house docs lit install runtime fuzz smith audit isolation attacks mutants unwinding plugins wasi worlds binaryen-lit spec e2e gojs gostd coroutines coroutines-asyncify debug parigot asan)
declare -A programs=(
  [unit]=tests/unit/run.py
  [house]=tests/house/run.py
  [docs]=tests/docs/run.py
  [lit]=tests/lit/run.py
  [install]=tests/install/run.py
  [asan]=tests/asan/run.py
  [runtime]=tests/runtime/run.py
  [wasi]=tests/wasi/run.py
  [fuzz]=tests/fuzz/run.py
  [smith]=tests/fuzz/smith/run.py
  [audit]=tests/audit/run.py
  [worlds]=tests/fuzz/worlds/run.py
  [isolation]=tests/isolation/run.py
  [attacks]=tests/isolation/attacks/run.py
  [mutants]=tests/isolation/mutants/run.py
  [unwinding]=tests/unwinding/run.py
  [plugins]=tests/plugins/run.py
  [binaryen-lit]=tests/binaryen-lit/run.py
  [spec]=tests/spec/run.py
  [e2e]=tests/e2e/run.py
  [gojs]=tests/gojs/run.py
  [gostd]=tests/gostd/run.py
  [debug]=tests/debug/run.py
  [parigot]=tests/parigot/run.py
  [coroutines]=tests/coroutines/run.py
  [coroutines-asyncify]=tests/coroutines/asyncify/run.py
)

suites=("$@")
[ $# -gt 0 ] || suites=("${all[@]}")
for suite in "${suites[@]}"; do
  if [ -z "${programs[$suite]-}" ]; then
    echo "test.sh: there is no suite '$suite'; there are: ${all[*]}" >&2
    exit 2
  fi
done

scripts/setup.sh --tests || exit 1
mkdir -p build/tests

# A build of its own, in the time that other suites leave.
if [ ${#suites[@]} -gt 1 ] && [[ " ${suites[*]} " == *" asan "* ]]; then
  tests/asan/run.py --build >build/tests/asan-build.log 2>&1 &
  aside=$!
  trap 'kill "$aside" 2>/dev/null' EXIT
fi

total_passed=0 total_failed=0 total_skipped=0
times=()
for suite in "${suites[@]}"; do
  program=${programs[$suite]}
  log=build/tests/$suite.log
  started=$SECONDS
  if [ ! -e "$program" ]; then
    echo "SKIP $suite: $program does not exist" >"$log"
    echo "$suite: 0 passed, 0 failed, 1 skipped" >>"$log"
  else
    "$program" >"$log.out" 2>"$log.err"
    code=$?
    cat "$log.err" "$log.out" >"$log"
    rm -f "$log.err" "$log.out"
  fi

  if [[ $(tail -n 1 "$log") =~ ^$suite:\ ([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
    passed=${BASH_REMATCH[1]} failed=${BASH_REMATCH[2]} skipped=${BASH_REMATCH[3]}
  else
    passed=0 failed=1 skipped=0
    echo "FAIL $suite: $program ended with ${code-0} and without a summary" >>"$log"
  fi
  if [ "${CI-}" = true ]; then
    wanting=$(grep -cE '^SKIP .*: missing tool' "$log")
    skipped=$((skipped - wanting)) failed=$((failed + wanting))
    sed -i -E '/: missing tool/s/^SKIP /FAIL /' "$log"
  fi

  echo "$suite: $passed passed, $failed failed, $skipped skipped"
  grep -E '^(FAIL|SKIP) ' "$log" | sed -E 's/^FAIL /  failed: /; s/^SKIP /  skipped: /' | cut -c1-300
  [ "$failed" = 0 ] || echo "  the whole output is $log"
  times+=("$suite $((SECONDS - started)) s")
  total_passed=$((total_passed + passed)) total_failed=$((total_failed + failed)) total_skipped=$((total_skipped + skipped))
done

printf -v times '%s, ' "${times[@]}"
echo "times: ${times%, }"
echo "$total_passed passed, $total_failed failed, $total_skipped skipped"
[ "$total_failed" = 0 ]
