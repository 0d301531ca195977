#!/usr/bin/env python3
"""Tests the runtime modules without the pass that merges them.

The Go programs of tests/gojs/programs are run with gojs-gc beside them (host.mjs), and under the JavaScript of their Go
version on Node: standard output, exit code and the files left behind must be the same. Modules for TinyGo are called by
a program in JavaScript (tinygo.mjs), and gojs-gc by one that misuses it (hostile.mjs).

    tests/runtime/run.py [--go=1.21.13]... [TEST]...

A version of Go comes from the Go module proxy, by GOTOOLCHAIN.
"""
import argparse
import os
import pathlib
import sys
import tempfile
import tomllib

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness import engines, parallel, paths, process  # noqa: E402
from harness.go import toolchain  # noqa: E402
from harness.process import Outcome, run_in  # noqa: E402
from harness.report import Failure, Results  # noqa: E402
from harness.ulps import nearly  # noqa: E402

HERE = paths.TESTS / "runtime"
PROGRAMS = paths.TESTS / "gojs/programs"
MODULES = paths.RUNTIME_MODULES
RUNTIME = MODULES / "gojs-gc.wasm"
RUNTIME_WITH_MATH = MODULES / "gojs-gc-math.wasm"
SERVICE = paths.TESTS / "gojs/exports/export.go"  # called through what it exports
SERVICE_SAYS = "ready\nadd 2 3 call 1\n5\nadd 20 30 call 2\n50\n"
THEN_ADD = "data:text/javascript,export default (e) => { console.log(e.add(2, 3)); console.log(e.add(20, 30)); }"


def node(*words):
    return [*engines.node(), "--no-warnings", *words]


def run(words, case, folder):
    variables = {"PATH": os.environ["PATH"], "PWD": folder, **case.get("env", {})}
    return run_in(pathlib.Path(folder), words, variables, case.get("stdin", []))


def compare(source, case, go):
    """Runs a program beside our runtime module, and under the JavaScript of its Go where the case does not say what it does."""
    wasm = go.compile(source)
    arguments = case.get("args", [])
    host = node("--stack-size=4000", HERE / "host.mjs")
    with tempfile.TemporaryDirectory() as ours, tempfile.TemporaryDirectory() as theirs:
        env = [f"--env={key}={value}" for key, value in {"PWD": ours, **case.get("env", {})}.items()]
        if source == SERVICE:
            host += ["--service", f"--then={THEN_ADD}"]
        runtime = RUNTIME_WITH_MATH if "ulps" in case else RUNTIME
        outcome = run([*host, f"--cwd={ours}", *env, runtime, wasm, *arguments], case, ours)
        if "stdout" in case:
            expected = Outcome(case.get("exit", 0), case["stdout"].encode(), b"", outcome.files)
        else:
            glue = javascript(go)
            expected = run([*engines.node(), "--stack-size=4000", glue, wasm, *arguments], case, theirs)
            if expected.exit != case.get("exit", 0):
                raise Failure(f"under JavaScript it exits with {expected.exit}")
    outcome.stdout = nearly(outcome.stdout, expected.stdout, case.get("ulps", {}))
    outcome.check_same(expected, ignore=("stderr",))
    if "stderr" in case and outcome.stderr != case["stderr"].encode():
        raise Failure(f"standard error {outcome.stderr!r}, not {case['stderr']!r}")


def javascript(go):
    """Toolchains that come as modules lack their JavaScript before 1.24; the newest does for all since 1.21."""
    try:
        return go.javascript()
    except Failure:
        return toolchain("go").javascript()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--go", action="append", help="a version, as in 1.21.13")
    parser.add_argument("tests", nargs="*")
    options = parser.parse_args()
    cases = {path.stem: tomllib.loads(path.read_text()) for path in PROGRAMS.glob("*.toml")}
    cases[SERVICE.stem] = {"go": 24, "stdout": SERVICE_SAYS}

    tests = {path.stem: lambda p=path: process.check(node(HERE / "tinygo.mjs", p)) for path in sorted(MODULES.glob("gojs-tinygo-*.wasm"))}
    tests["hostile"] = lambda: process.check(node(HERE / "hostile.mjs", RUNTIME))
    for version in options.go or ["local"]:
        go = toolchain("go", f"go{version}" if version != "local" else version)
        for source in [*sorted(PROGRAMS.glob("*.go")), SERVICE]:
            case = cases.get(source.stem, {})
            if go.minor >= case.get("go", 0):
                name = f"{source.stem} (Go {go.version.removeprefix('go')})"
                tests[name] = lambda s=source, c=case, g=go: compare(s, c, g)

    engines.load()
    paths.lock("runtime")
    results = Results("runtime")
    chosen = [name for name in tests if not options.tests or name.split()[0] in options.tests]
    parallel.run_all([lambda n=name: results.test(n, tests[n]) for name in chosen])
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
