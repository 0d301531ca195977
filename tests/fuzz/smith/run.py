#!/usr/bin/env python3
"""Modules that wasm-smith generates, of the wasm-tools: a second generator, which shares nothing with Binaryen's.

    tests/fuzz/smith/run.py                      200 modules
    tests/fuzz/smith/run.py --count 2000 --seed 7000
    tests/fuzz/smith/run.py --count 1 --seed 7123    one again; what it ran on stays in build/tests/smith

A module becomes the main service of an isolated world, in both layouts. What it exports is called on Node, in the module
alone and in the worlds: results, traps, globals and memory have to be the same. Each world has to be valid for wasm-tools.
A module that parigot-opt refuses has to be refused with one of the sentences of REFUSALS. Binaryen's reader changes what a
few modules do, as its wasm-opt shows without any pass: these have to be refused, too (src/ir/misread_code.h).
"""

import argparse
import json
import pathlib
import random
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from harness import engines, parallel, paths, process  # noqa: E402
from harness.report import Failure, Results  # noqa: E402

HERE = paths.TESTS / "fuzz/smith"
WORK = paths.work("smith")
WINDINGS = {"single": ["--isolate"], "multi": ["--isolate", "--memory=multi", "-O2"]}
REFUSALS = re.compile(r"Binaryen (cannot read|finds) |could not be instantiated alone either")
MISREAD = "Binaryen would lose what comes before the branch"
MANIFEST = """[world]
main = "main"
[service.main]
wasm = "{name}.wasm"
memory = "4MiB"
[service.beside]
wasm = "beside.wat"
memory = "4MiB"
"""
BESIDE = '(module (memory (export "memory") 1) (data (i32.const 1000) "beside") (func (export "b") (result i32) (i32.load (i32.const 1000))))'


def generate(tool, seed, file):
    numbers = random.Random(seed)
    source = file.with_suffix(".seed")
    source.write_bytes(numbers.randbytes(numbers.randrange(500, 6000)))
    process.check([tool, "smith", "--ensure-termination", "-c", HERE / "config.json", source, "-o", file])


def exports_of(tool, file):
    """The exports, by what the text form says of the module: wasm-tools, and not Binaryen, reads it."""
    text = process.check([tool, "print", file])
    kinds = {"functions": [], "globals": [], "memories": []}
    types = re.findall(r"^  \(type \(;(\d+);\) \((func)?(.*)$", text, re.M)
    signatures = {int(number): re.findall(r"\(param ([^)]*)\)", rest) for number, _, rest in types}
    defined = {int(number): int(kind) for number, kind in re.findall(r"^  \(func \(;(\d+);\) \(type (\d+)\)", text, re.M)}
    for name, kind, number in re.findall(r'^  \(export "((?:[^"\\]|\\.)*)" \((\w+) (\d+)\)\)', text, re.M):
        if "\\" in name:
            continue  # escapes of the text form
        if kind == "func":
            params = signatures[defined[int(number)]]
            kinds["functions"].append([name, params[0].split() if params else []])
        elif kind in ("global", "memory"):
            kinds["globals" if kind == "global" else "memories"].append(name)
    if not kinds["functions"] and not kinds["globals"]:
        kinds["memories"] = []  # a main that exports nothing else need not be at address 0
    return kinds


class Tally:
    def __init__(self):
        self.compared = self.refused = self.misread = self.harmless = self.overflows = 0


def try_module(tool, seed, tally):
    name = f"m{seed}"
    file = WORK / f"{name}.wasm"
    generate(tool, seed, file)
    manifest = WORK / f"{name}.toml"
    manifest.write_text(MANIFEST.format(name=name))
    names = WORK / f"{name}.json"
    again = WORK / f"{name}-again.wasm"

    def compare(*worlds):
        """What the module does alone, as Binaryen's wasm-opt writes it, and in each world."""
        names.write_text(json.dumps(exports_of(tool, file)))
        process.check([paths.WASM_OPT, "-all", "--disable-compact-imports", "-q", file, "-o", again])
        command = [*engines.node(), HERE / "compare.mjs", names, file, again, *worlds]
        return process.check(command, timeout=120).splitlines()

    worlds = []
    for winding, options in WINDINGS.items():
        world = WORK / f"{name}-{winding}.wasm"
        done = process.run([paths.PARIGOT_OPT, "build", manifest, *options, "-o", world], timeout=120)
        if done.returncode == 1 and REFUSALS.search(done.stderr):
            tally.refused += 1
            if MISREAD in done.stderr:
                alone, by_binaryen = compare()
                tally.misread += 1
                tally.harmless += alone == by_binaryen
            return
        if done.returncode:
            raise Failure(f"parigot-opt ends with {done.returncode}: {done.stderr[:500]}")
        process.check([tool, "validate", "--features=all", world])
        worlds.append(world)
    alone, by_binaryen, *wound = compare(*worlds)
    if "stack overflow" in (alone, *wound):
        tally.overflows += 1
    elif all(line == alone for line in wound):
        tally.compared += 1
    else:
        raise Failure(f"alone: {alone[:400]}\nby Binaryen: {by_binaryen[:400]}\nwound: {[line[:400] for line in wound]}")
    for path in WORK.glob(f"{name}[.-]*"):
        path.unlink()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    engines.load()
    paths.lock("smith")
    results = Results("smith")
    tool = engines.tool("PARIGOT_WASM_TOOLS", "wasm-tools")
    paths.fresh(WORK)
    (WORK / "beside.wat").write_text(BESIDE)
    tally = Tally()
    seeds = range(options.seed, options.seed + options.count)
    parallel.run_all([lambda s=seed: results.test(f"module {s}", lambda: try_module(tool, s, tally)) for seed in seeds])

    def enough():
        if tally.compared < options.count / 2:
            raise Failure(f"only {tally.compared} of {options.count} modules were compared")

    print(f"{tally.compared} were the same, {tally.refused} refused, {tally.overflows} overflowed the stack; of the refused, Binaryen's "
          f"reader would lose code of {tally.misread}, of which {tally.harmless} did the same without it")
    if options.count >= 100:
        results.test("half of the modules are compared", enough)
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
