#!/usr/bin/env python3
"""Programs that yield out of host calls and are resumed, on real engines. See README.md.

    tests/coroutines/run.py                  everything
    tests/coroutines/run.py go1.27-wasip1    only tests whose names begin so
"""

import argparse
import functools
import pathlib
import re
import subprocess
import sys
import tomllib

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness import engines as harness_engines, parallel, paths, process, tools  # noqa: E402
from harness.engines import node, program  # noqa: E402
from harness.report import Failure, Results  # noqa: E402
from languages import HERE, targets  # noqa: E402

WORK = paths.work("coroutines")
NODE_STACK = "--stack-size=4000"  # KiB: 10,000 frames of a compiler that does not optimise

# What compilers emit, and engines have.
FEATURES = [f"--enable-{name}" for name in ("mutable-globals", "sign-ext", "nontrapping-float-to-int", "bulk-memory",
                                            "bulk-memory-opt", "multivalue")]
# What is done to a module, in order; None stands for the passes that add coroutines.
VARIANTS = {"as it is": [None], "then -O3": [None, "-O3"], "after -O2": ["-O2", None]}

ENGINES = {
    "node": lambda: [*node(), NODE_STACK, HERE / "hosts/host.mjs"],
    "wasmtime": lambda: [program("wasmtime"), HERE / "hosts/host.py"],
    "wazero": lambda: [program("wazero"), "waiting"],
}


def with_coroutines(target, variant):
    """The module with coroutines. wasm-opt validates what it writes."""
    output = WORK / f"{target.name} {variant}.wasm".replace(" ", "-")
    words = [part for step in VARIANTS[variant] for part in (target.passes if step is None else [step])]
    return tools.wasm_opt(target.make(), output, *FEATURES, *words)


def host_words(target, engine, wasm):
    if target.is_wasi:
        command = ENGINES[engine]()
        return [*command, wasm]
    return [*node(), NODE_STACK, HERE / "hosts/js.cjs", wasm, "--glue", target.glue()]


def run(target, engine, wasm, case, asks, exit_yields=False):
    """(standard output, exit code, calls, yields, code of the exit that the host holds)."""
    words = [*host_words(target, engine, wasm), "--asks", asks, *(["--exit-yields"] if exit_yields else []), *case["arguments"]]
    done = process.run(words, stdin=subprocess.DEVNULL, env=harness_engines.environment())
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


def tests(all_targets, cases, engines, everything):
    """[(name, function)]. Optimising and compiling what was optimised take most of the time. So unless everything is wanted, a single
    target is optimised afterwards, and the others run on Node only when they were optimised before."""
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
        for variant in VARIANTS if everything or target is all_targets[0] else [name for name in VARIANTS if name != "then -O3"]:
            for engine in engines:
                spared = variant == "after -O2" and target is not all_targets[0] and not everything
                if engine != "node" and (spared or not target.is_wasi):
                    continue
                for case in cases:
                    if target.language not in case.get("languages", [target.language]) or (case.get("exit") and not target.is_wasi):
                        continue
                    yield (f"{target.name}/{variant}/{engine}/{case['name']}",
                           functools.partial(compare, target, variant, engine, case, module, reference))


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("test", nargs="*", help="beginnings of names of tests, as go1.27-js; all without")
    parser.add_argument("--all", action="store_true", help="optimise the programs of all targets after the pass, too, and run all on every engine")
    harness_engines.add_option(parser)
    options = parser.parse_args()
    with open(HERE / "cases.toml", "rb") as file:
        cases = tomllib.load(file)["case"]
    harness_engines.load()
    paths.lock("coroutines")
    chosen = parallel.chosen(tests(targets(), cases, options.engine or list(ENGINES), options.all), options.test)
    results = Results("coroutines")
    # Tests of one target share its modules: one thread each, so that none is made twice at a time.
    groups = {}
    for name, test in chosen:
        groups.setdefault(name.split("/")[0], []).append((name, test))

    def run_group(group):
        for name, test in group:
            results.test(name, test)

    parallel.run_all([lambda g=group: run_group(g) for group in groups.values()])
    sys.exit(results.finish())


if __name__ == "__main__":
    main()
