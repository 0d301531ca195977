#!/usr/bin/env python3
"""Calls that do not end the way they began: what they leave in the arenas, and whether the next ones are right.

    tests/unwinding/run.py             every case
    tests/unwinding/run.py traps       only these

A case is a folder of cases/: services, world.toml, and plan.json, {"calls": [[export, number], ..], "says": [..]} with a line
for each call, which is its result, "trap NAME" or the message of the host's exception. "engines" and "windings" limit it to
some, with the reason in "why". The host has in the module env: fail(), fail_at(..) and fail_all(..) throw; back(n) calls the
export again(n); try_back(n) does too, and catches what comes; look(..) does nothing; wait(n) suspends the call. The calls
["begin", n] and ["end", n], of Node alone, begin run(n) as a promise, and resume its wait(n) and say how it ended. Cases entry-*
and shared-table are about how services come up before calls.
"""

import argparse
import json
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness import engines, paths, process, windings  # noqa: E402
from harness.report import Failure, Results  # noqa: E402

HERE = paths.TESTS / "unwinding"
WORK = paths.work("unwinding")
HOSTS = {"node": "host.mjs", "wasmtime": "host.py"}
WINDINGS = ["one", "one-O2", "one-isolated", "one-bare", "one-lawful", "one-folded",
            "multi", "multi-isolated", "multi-isolated-O2", "multi-single"]


def check(engine, file, plan, named):
    calls = [words if len(words) > 1 else [*words, None] for words in plan["calls"]]
    said = process.check([*engines.words(engine), HERE / HOSTS[engine], file, json.dumps(calls)], timeout=120).splitlines()
    says = plan["says"] if named else ["trap" if line.startswith("trap") else line for line in plan["says"]]
    if said != says:
        raise Failure(f"it says {said}, and should say {says}")


def run_case(folder, results):
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    for winding in plan.get("windings", WINDINGS):
        file = WORK / f"{folder.name}-{winding}.wasm"
        if not results.test(f"{folder.name}/{winding}", lambda: windings.wind(winding, folder / "world.toml", file)):
            continue
        named = not windings.placed_again(winding)  # wasm-opt drops names
        for engine in plan.get("engines", HOSTS):
            results.test(f"{folder.name}/{winding}/{engine}", lambda: check(engine, file, plan, named))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("case", nargs="*", help="names of cases; all without")
    options = parser.parse_args()
    known = {folder.name: folder for folder in sorted((HERE / "cases").iterdir())}
    if unknown := set(options.case) - set(known):
        sys.exit(f"run.py: no such case: {', '.join(sorted(unknown))}")
    engines.load()
    paths.lock("unwinding")
    results = Results("unwinding")
    for name in options.case or known:
        run_case(known[name], results)
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
