#!/usr/bin/env python3
"""Real services on real engines: each case wound into one world, against the same services apart. See README.md.

    tests/e2e/run.py                 all cases
    tests/e2e/run.py nested wasi-c   only these
    tests/e2e/run.py --all           large services on all engines in all windings
    tests/e2e/run.py --update        record what the services print apart, on Node, as what is expected
"""

import argparse
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import cached  # noqa: E402
import properties  # noqa: E402
import stand_ins  # noqa: E402
from harness import engines, parallel, paths, windings  # noqa: E402
from harness.report import Results, verdict_of  # noqa: E402
from harness.worlds import Case  # noqa: E402

CASES = paths.TESTS / "e2e/cases"
WORK = paths.work("e2e")
# Engines that compile ahead take longest for what Go made. Without --all, each winding of large services runs on Node, and some
# on one of these.
LARGE_WINDINGS = {"wasmtime": {"one", "multi-isolated"}, "wazero": {"one-O2", "one-isolated", "one-bare-O2"}}
DEFAULT_WINDINGS = ["one", "one-O2", "one-isolated", "multi", "multi-isolated", "multi-single"]


# Under the laws that are suggested for them: these, and all with --all.
LAWFUL = {"args-env", "diamond", "error-code", "exit-code", "greeting-c", "host-params", "nested", "scalar", "subset", "wasi-c", "wasi-rust"}
LAWFUL_WINDING = "one-lawful"
# Not isolated: these, where they have no windings of their own, and all with --all.
BARE = {"described", "descriptors", "gc", "greeting-c", "nested", "reentrant", "wasi-c", "wasi-rust"}
BARE_WINDINGS = ["one-bare", "one-bare-O2", "multi-bare"]


def windings_of(case, everything):
    usual = case.settings.get("windings", DEFAULT_WINDINGS)
    if case.name in BARE or everything:
        usual = [*usual, *(name for name in BARE_WINDINGS if name.startswith("one") or "multi" in usual)]
    lawful = case.settings.get("lawful", everything or case.name in LAWFUL)
    return [*usual, LAWFUL_WINDING] if lawful else usual


def is_spared(case, engine, winding):
    return winding not in LARGE_WINDINGS.get(engine, [winding]) and case.settings.get("weight", 0) > 0


def run_case(case, results, engine_names, everything):
    """All tests of a case: apart, then wound in each way."""
    # What keeps a case from being tried at all is one test that failed, or was skipped.
    prepared = []

    def prepare():
        case.prepare()
        case.expected()
        prepared.append(True)

    verdict = verdict_of(prepare)
    if not prepared:
        results.add(case.name, verdict)
        return
    for engine in [name for name in engine_names if name in case.settings.get("apart", engine_names)]:
        results.test(f"{case.name}/{engine}/apart", lambda: case.check(case.run_apart(engine), "apart"))
    for winding in windings_of(case, everything):
        if results.test(f"{case.name}/wind/{winding}", lambda: case.wind(winding)):
            for engine in engine_names:
                if windings.runs_on(winding, engine) and (everything or not is_spared(case, engine, winding)):
                    results.test(f"{case.name}/{engine}/{winding}", lambda: case.check(case.run_wound(engine, winding), winding))


def update(case):
    case.prepare()
    case.update()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("case", nargs="*", help="names of cases; all without")
    parser.add_argument("--update", action="store_true", help="record what the services do apart, on Node")
    parser.add_argument("--all", action="store_true", help="run large services on all engines in all windings")
    engines.add_option(parser)
    options = parser.parse_args()

    known = {folder.name: Case(folder, WORK / folder.name) for folder in sorted(CASES.iterdir()) if folder.is_dir()}
    ours = lambda name, work: Case(CASES / name, WORK / "properties" / work)  # noqa: E731
    tests = {} if options.update else properties.tests(ours) | stand_ins.tests(ours) | cached.tests(ours)
    if unknown := set(options.case) - {*known, *tests}:
        sys.exit(f"run.py: no such case: {', '.join(sorted(unknown))}")
    wanted = options.case or [*known, *tests]

    engines.load()
    paths.lock("e2e")
    engines.limit_cache()
    results = Results("e2e")
    # Long ones first, so that the end is not one of them alone.
    cases = sorted((known[name] for name in wanted if name in known), key=lambda case: -case.settings.get("weight", 0))
    if options.update:
        parallel.run_all([lambda c=case: update(c) for case in cases])
        return 0
    groups = [lambda n=name: results.test(n, tests[n]) for name in wanted if name in tests]
    groups += [lambda c=case: run_case(c, results, options.engine or list(engines.ENGINES), options.all) for case in cases]
    parallel.run_all(groups)
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
