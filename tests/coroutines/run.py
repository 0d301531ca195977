"""Runs the tests of tests/coroutines; run.sh calls it with the engines in the environment. See README.md."""

import argparse
import concurrent.futures
import functools
import os
import re
import subprocess
import sys
import tomllib

from languages import HERE, ROOT, targets

from runner.results import Results
from runner.services import tool

WORK = ROOT / "build/tests/coroutines"
WASM_OPT = ROOT / "build/bin/wasm-opt"
PLUGIN = ROOT / "build/lib/libparigot-passes.so"
TIMEOUT = 300  # seconds; far above what anything takes
NODE_STACK = "--stack-size=4000"  # KiB: 10,000 frames of a compiler that does not optimise

# What compilers emit, and engines have.
FEATURES = [f"--enable-{name}" for name in ("mutable-globals", "sign-ext", "nontrapping-float-to-int", "bulk-memory",
                                            "bulk-memory-opt", "multivalue")]
# What is done to a module, in order; None stands for the passes that add coroutines.
VARIANTS = {"as it is": [None], "then -O3": [None, "-O3"], "after -O2": ["-O2", None]}

ENGINES = {
    "node": lambda: [tool("PARIGOT_NODE", "Node"), NODE_STACK, HERE / "hosts/host.mjs"],
    "wasmtime": lambda: [tool("PARIGOT_PYTHON", "wasmtime"), HERE / "hosts/host.py"],
    "wazero": lambda: [tool("PARIGOT_WAZERO_HOST", "wazero"), "waiting"],
}


class Failure(Exception):
    """A test that failed; the message says how."""


def wind(words, what):
    done = subprocess.run([*map(str, words)], capture_output=True, text=True, check=False, timeout=TIMEOUT)
    if done.returncode != 0:
        raise Failure(f"{what} exited with {done.returncode}: {done.stderr[-2000:]}")


def with_coroutines(target, variant):
    """The module with coroutines. wasm-opt validates what it writes."""
    output = WORK / f"{target.name} {variant}.wasm".replace(" ", "-")
    words = [part for step in VARIANTS[variant] for part in (target.passes if step is None else [step])]
    wind([WASM_OPT, "--load-pass", PLUGIN, *FEATURES, target.make(), *words, "-o", output], "wasm-opt")
    return output


def host_words(target, engine, wasm):
    if target.is_wasi:
        command = ENGINES[engine]()
        return [*command, wasm]
    return [tool("PARIGOT_NODE", "Node"), NODE_STACK, HERE / "hosts/js.cjs", wasm, "--glue", target.glue()]


def run(target, engine, wasm, case, asks, exit_yields=False):
    """(standard output, exit code, calls, yields, code of the exit that the host holds)."""
    words = [*host_words(target, engine, wasm), "--asks", asks, *(["--exit-yields"] if exit_yields else []), *case["arguments"]]
    done = subprocess.run([*map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=TIMEOUT,
                          env={**os.environ, "PARIGOT_WAZERO_CACHE": str(WORK / "wazero-cache")})
    told = re.search(r"\nhost: (\d+) calls, (\d+) yields(?:, exit (\d+) held)?\n$", done.stderr)
    if not told:
        raise Failure(f"asked {asks} times, the host exited with {done.returncode}: {(done.stdout + done.stderr)[-2000:]}")
    calls, yields, held = told.groups()
    return done.stdout, done.returncode, int(calls), int(yields), held and int(held)


def compare(target, variant, engine, case, module, reference):
    exits = case.get("exit", False)
    expected, code, calls = reference(target.name, case["name"])
    output, got_code, got_calls, yields, held = run(target, engine, module(target.name, variant), case, case["asks"], exits)
    if output != expected:
        raise Failure(f"output is {output[-1000:]!r} instead of {expected[-1000:]!r}")
    if (0, code) != (got_code, held) if exits else (code, None) != (got_code, held):
        raise Failure(f"exit code {got_code}, held {held}, instead of {code}")
    if got_calls != calls or calls < case["calls"]:
        raise Failure(f"{got_calls} calls instead of {calls}, or less than {case['calls']}")
    if yields != calls * (case["asks"] - 1):
        raise Failure(f"{yields} yields of {calls} calls that were made {case['asks']} times each")


def tests(all_targets, cases, engines):
    """[(name, function)]"""
    by_name = {target.name: target for target in all_targets}
    by_case = {case["name"]: case for case in cases}

    @functools.cache
    def module(target, variant):
        return with_coroutines(by_name[target], variant)

    @functools.cache
    def reference(target, case):
        """What the program does as it was compiled, when all calls are answered at once: on Node."""
        target, case = by_name[target], by_case[case]
        output, code, calls, yields, _ = run(target, "node", target.make(), case, 1)
        if yields or "initial" not in output:
            raise Failure(f"the program as it was compiled: {yields} yields, output {output[-1000:]!r}")
        return output, code, calls

    for target in all_targets:
        for variant in VARIANTS:
            for engine in engines if target.is_wasi else [name for name in engines if name == "node"]:
                for case in cases:
                    if target.language not in case.get("languages", [target.language]) or (case.get("exit") and not target.is_wasi):
                        continue
                    yield (f"{target.name}/{variant}/{engine}/{case['name']}",
                           functools.partial(compare, target, variant, engine, case, module, reference))


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("test", nargs="*", help="beginnings of names of tests, as go1.27-js; all without")
    parser.add_argument("--engine", action="append", choices=list(ENGINES))
    options = parser.parse_args()
    with open(HERE / "cases.toml", "rb") as file:
        cases = tomllib.load(file)["case"]
    WORK.mkdir(parents=True, exist_ok=True)
    chosen = [(name, test) for name, test in tests(targets(), cases, options.engine or list(ENGINES))
              if not options.test or any(name.startswith(beginning) for beginning in options.test)]
    if not chosen:
        sys.exit(f"run.py: no test begins with {' or '.join(options.test)}")
    results = Results("coroutines", Failure, subprocess.TimeoutExpired)
    # Tests of one target share its modules: one thread each, so that none is made twice at a time.
    groups = {}
    for name, test in chosen:
        groups.setdefault(name.split("/")[0], []).append((name, test))

    def run_group(group):
        for name, test in group:
            results.test(name, test)

    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for future in [pool.submit(run_group, group) for group in groups.values()]:
            future.result()
    print(results.summary())
    sys.exit(results.counts["FAIL"] > 0)


if __name__ == "__main__":
    main()
