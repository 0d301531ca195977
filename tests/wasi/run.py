#!/usr/bin/env python3
"""Every function of WASI, called by a service that is alone and by the same service in worlds, on each engine.

    tests/wasi/run.py                                 everything
    tests/wasi/run.py --engine=node --winding=one-O2  only these

The service is generated (calls.py says what it calls, service.py writes it). It makes some three hundred calls and records of
each the return code and what the host did to its memory; that record, the files that it leaves, and its exit code must be
the same to the byte whether the service is alone, a world's main service or another one, at base 0 or elsewhere, however
the world was wound. What a run leaves is in build/tests/wasi/<engine>/<module>.
"""

import argparse
import dataclasses
import json
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from calls import ARGS, ENV, EXIT_CODE, FUNCTIONS, NEVER_SUCCEED, NEVER_SUCCEED_ON, STDIN, steps  # noqa: E402
from harness import engines, parallel, paths, process, tools, windings  # noqa: E402
from harness.engines import ENGINES  # noqa: E402
from harness.report import Failure, Skip, report, verdict_of  # noqa: E402
from service import STARTER, Record, filler, read_records, service  # noqa: E402

WORK = paths.work("wasi")
PREVIEW1, PREVIEW0 = "wasi_snapshot_preview1", "wasi_unstable"
WINDINGS = ["one", "one-O2", "one-folded", "one-isolated", "multi", "multi-O2", "multi-isolated"]
TIMEOUT = 30  # seconds, of one run, which takes less than two


@dataclasses.dataclass
class Position:
    """Where in a world the service is."""

    is_main: bool
    at_base_0: bool
    told: bool = False  # arguments and variables come from the manifest


POSITIONS = {
    "main-at-0": Position(is_main=True, at_base_0=True),
    "main-elsewhere": Position(is_main=True, at_base_0=False),
    "main-told": Position(is_main=True, at_base_0=False, told=True),
    "provider-at-0": Position(is_main=False, at_base_0=True, told=True),
    "provider-elsewhere": Position(is_main=False, at_base_0=False, told=True),
}


@dataclasses.dataclass
class Outcome:
    exit: int
    records: list[Record]
    stderr: bytes
    files: dict

    def check_same(self, alone, calls):
        for call, ours, theirs in zip(calls, self.records, alone.records, strict=True):
            if difference := ours.difference(theirs):
                raise Failure(f"{call}: {difference}")
        for what in ("exit", "stderr", "files"):
            if (ours := getattr(self, what)) != (theirs := getattr(alone, what)):
                raise Failure(f"{what}: {ours!r}, alone {theirs!r}")


def make_fixed_folder():
    """What services only read: one folder for all runs, so that inodes, times and the order of entries are always the same."""
    folder = paths.fresh(WORK / "fixed")
    (folder / "folder").mkdir()
    (folder / "input.txt").write_bytes(b"".join(b"line %d of the input\n" % number for number in range(300)))
    for name in ("one", "two", "three", "a longer name than the others have"):
        (folder / "folder" / f"{name}.txt").write_text(name)
    (folder / "link").symlink_to("input.txt")
    return folder


class Tests:
    """The tests of one engine with one name of WASI."""

    def __init__(self, engine, wasi, fixed):
        self.engine, self.wasi, self.fixed = engine, wasi, fixed
        self.work = WORK / engine / wasi
        self.calls = steps(engine)

    def prepare(self):
        """Leaves the services in the work folder."""
        paths.fresh(self.work)
        for export in ("_start", "run"):
            (self.work / f"{export}.wat").write_text(service(self.calls, self.wasi, export))
        (self.work / "starter.wat").write_text(STARTER)
        # Of instructions that touch memory the service has some hundred.
        (self.work / "small.wat").write_text(filler(10))
        (self.work / "large.wat").write_text(filler(2000))
        features = ["--enable-bulk-memory", "--enable-bulk-memory-opt"]
        tools.assemble(self.work / "_start.wat", self.work / "alone.wasm", *features)

    def run(self, wasm, name, told=False):
        """Runs a module; where the manifest says what arguments there are, the host says something else."""
        data = self.work / f"data.{name}"
        data.mkdir()
        words = [*ENGINES[self.engine](), "one", wasm, f"--dir={self.fixed}::/fixed", f"--dir={data}::/work"]
        args, env = (["unused"], []) if told else (ARGS, ENV)
        words += [f"--arg0={args[0]}", *(f"--arg={arg}" for arg in args[1:]), *(f"--env={pair}" for pair in env)]
        done = process.run(words, TIMEOUT, input=STDIN, text=False)
        if done.returncode != EXIT_CODE:
            raise Failure(f"exit code {done.returncode}: {done.stderr.decode(errors='replace')}")
        return Outcome(done.returncode, read_records(done.stdout, len(self.calls)), done.stderr, process.files_in(data))

    def wind(self, name, position, winding):
        output = self.work / f"{name}.wasm"
        told = f"args = {json.dumps(ARGS)}\nenv = {json.dumps(ENV)}\n" if position.told else ""
        main, export = ("probe", "_start") if position.is_main else ("starter", "run")
        starter = "" if position.is_main else '[service.starter]\nwasm = "starter.wat"\n'
        size = "small" if position.at_base_0 else "large"
        manifest = self.work / f"{name}.toml"
        manifest.write_text(f'[world]\nmain = "{main}"\n{starter}[service.probe]\nwasm = "{export}.wat"\n{told}'
                            f'[service.filler]\nwasm = "{size}.wat"\n')
        windings.wind(winding, manifest, output, "-q")
        world = tools.inspect(output)["world"]
        base = next(entry["memory"]["region"]["base"] for entry in world["services"] if entry["name"] == "probe")
        if world["layout"] == "single" and (base == 0) != position.at_base_0:
            raise Failure(f"the service is at base {base:#x}")
        return output

    def check_alone(self, alone):
        """That most calls do what they are for; else the rest would compare errors."""
        called = {step.function for step in self.calls} | {"proc_exit"}
        if called != set(FUNCTIONS):
            raise Failure(f"never called: {', '.join(sorted(set(FUNCTIONS) - called))}")
        succeeded = {step.function for step, record in zip(self.calls, alone.records) if record.result == 0}
        if missing := set(FUNCTIONS) - succeeded - NEVER_SUCCEED - NEVER_SUCCEED_ON[self.engine]:
            raise Failure(f"never succeeded: {', '.join(sorted(missing))}")

    def all(self, wanted):
        """(name, function that raises when the test fails), of all tests; the first of them have to come first."""
        prefix = f"{self.engine}/{self.wasi}"
        alone = []

        def alone_works():
            if self.wasi == PREVIEW0 and self.engine == "wasmtime":
                raise Skip("engine has no wasi_unstable")
            self.prepare()
            alone.append(self.run(self.work / "alone.wasm", "alone"))
            self.check_alone(alone[0])

        def alone_is_always_the_same():
            self.run(self.work / "alone.wasm", "again").check_same(alone[0], self.calls)

        def in_world(name, position, winding):
            self.run(self.wind(name, position, winding), name, position.told).check_same(alone[0], self.calls)

        yield f"{prefix}/alone", alone_works
        if not alone:
            return
        yield f"{prefix}/alone-again", alone_is_always_the_same
        for place, position in POSITIONS.items():
            for winding in wanted:
                if not windings.runs_on(winding, self.engine):
                    continue
                name = f"{place}.{winding}"
                yield f"{prefix}/{place}/{winding}", lambda n=name, p=position, w=winding: in_world(n, p, w)


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    engines.add_option(parser)
    parser.add_argument("--winding", action="append", choices=WINDINGS)
    options = parser.parse_args()

    engines.load()
    paths.lock("wasi")
    fixed = make_fixed_folder()
    results = {}

    def run_all(engine, wasi):
        for name, test in Tests(engine, wasi, fixed).all(options.winding or WINDINGS):
            results[name] = verdict_of(test)

    parallel.run_all([lambda e=engine, w=wasi: run_all(e, w) for wasi in (PREVIEW1, PREVIEW0) for engine in options.engine or ENGINES])
    sys.exit(report("wasi", results))


if __name__ == "__main__":
    main()
