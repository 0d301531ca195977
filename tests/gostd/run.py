#!/usr/bin/env python3
"""Go's own tests of its standard library, compiled for JavaScript (`go test -c`, GOOS=js) by the Go at hand.

Each package runs under Go's wasm_exec_node.js on Node, and after `parigot-opt strip` on Node's WASI, wasmtime and wazero. Each test must
come to the same: pass, fail, be skipped, or end the process. What may differ is in expected.toml, with the reason, and must differ.

    tests/gostd/run.py                      by default
    tests/gostd/run.py --all                everything
    tests/gostd/run.py --engine=node os io  these packages on these engines, without what only --all runs

By default each package runs on the one engine that PACKAGES names for it, and what SLOW and ONLY_ALL name is left out: on two quiet cores about a
minute, and another to compile the tests the first time (they are kept in the user's cache, by version of Go). With --all three engines
run everything, which takes three minutes on two quiet cores, and can take an hour on busy ones.

Both see the whole file system, since there are no others that both could have: with its WASI, the program has the host's / as its own.
A package's tests run in a copy of its folder. There is no network in either: preload.cjs of tests/gojs takes fetch away.
"""
import argparse
import concurrent.futures
import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness import engines as harness_engines, paths, process  # noqa: E402
from harness.compiled import cached  # noqa: E402
from harness.engines import ENGINES  # noqa: E402
from harness.go import toolchain  # noqa: E402
from harness.report import Failure, Results, Skip, report, skip  # noqa: E402
from harness.tools import strip  # noqa: E402

sys.path.insert(0, str(paths.TESTS / "gojs"))
from suite.programs import PRELOAD, STACK  # noqa: E402

WORK = paths.work("gostd")
EXPECTED = paths.TESTS / "gostd/expected.toml"

# The packages, and the engine that each runs on by default.
PACKAGES = {
    "archive/tar": "node",
    "archive/zip": "node",
    "io": "node",
    "net": "node",
    "os": "wasmtime",
    "path/filepath": "wazero",
    "syscall": "node",
    "testing/fstest": "node",
}
ONLY_ALL = ("archive/tar", "archive/zip")
# Tests that take a minute or more under JavaScript, or so many seconds that only --all has them.
SLOW = {"os": "^TestRoot(Multi|Consistency)|^TestCopyFileToFile$|^TestLongPath$"}

TEST_SECONDS = {False: 150, True: 1500}  # of a process, by --all
MOST_DEATHS = 12  # of one package: each costs a process more
RESULT = re.compile(r"^\s*--- (PASS|FAIL|SKIP): (\S+)", re.MULTILINE)
BEGINS = re.compile(r"^=== (RUN|CONT|PAUSE|NAME)\s+(\S+)")


@dataclasses.dataclass
class Run:
    """What became of the tests of a package, parts of tests too: "pass", "fail", "skip" or "dies" by name, and what each said."""

    results: dict
    said: dict

    def leaves(self):
        """Those that have no parts."""
        whole = {name.rpartition("/")[0] for name in self.results}
        return {name: result for name, result in self.results.items() if name not in whole}


def parse(text):
    """(Run, the test in which the process ended or None), of what -test.v printed, which says whose a line is."""
    run, current, begun = Run({}, {}), None, []
    for line in text.splitlines():
        if match := BEGINS.match(line):
            current = match[2]
            if match[1] == "RUN":
                begun.append(current)
        elif match := RESULT.match(line):
            run.results[match[2]] = match[1].lower()
        elif current:
            run.said[current] = run.said.get(current, "") + line + "\n"
    unfinished = [name for name in begun if name not in run.results and "/" not in name]
    dead = (current or "").split("/")[0]
    return run, dead if dead in unfinished else unfinished[-1] if unfinished else None


class Package:
    """The tests of one package."""

    def __init__(self, name, everything):
        self.name = name
        self.label = name.replace("/", "-")
        self.everything = everything
        self.work = WORK / self.label
        self.go = toolchain("go")
        self.reference = None

    def compile(self):
        def compile_into(work, output):
            process.check([self.go.go, "test", "-c", "-p=1", "-vet=off", "-o", output, self.name], cwd=work, env=self.go.environment())

        paths.fresh(self.work)
        return cached([self.go.version, "js", "test", self.name], compile_into)

    def folder(self, what):
        """Where the tests run: (a fresh copy of the package's folder, a fresh place for temporary files)."""
        folder = self.work / f"files.{what}"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.go.root / "src" / self.name, folder / self.name, symlinks=True)
        (folder / "tmp").mkdir()
        return folder / self.name, folder / "tmp"

    def follow(self, words_of, what, environment):
        """Runs the tests until all have a result: a process that ends in one is followed by another without that."""
        whole, skip = Run({}, {}), []
        for _ in range(MOST_DEATHS):
            cwd, temporary = self.folder(what)
            slow = SLOW.get(self.name) if not self.everything else None
            arguments = ["-test.v", "-test.short", f"-test.timeout={TEST_SECONDS[self.everything]}s"]
            if leave := [*([slow] if slow else []), *(f"^{name}$" for name in skip)]:
                arguments.append(f"-test.skip={'|'.join(leave)}")
            variables = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PWD": str(cwd), "TMPDIR": str(temporary)}
            output = self.work / f"{what}.log"
            with open(output, "wb") as log:
                done = subprocess.run([str(word) for word in words_of(arguments, variables)], cwd=cwd, env=environment | variables, check=False,
                                      stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, timeout=2 * TEST_SECONDS[self.everything])
            run, dead = parse(output.read_text(errors="replace"))
            whole.results |= run.results
            whole.said |= run.said
            if dead is None:
                if not whole.results:
                    raise Failure(f"exit code {done.returncode} and no test; {output} has what it said")
                return whole
            whole.results[dead] = "dies"
            whole.said.setdefault(dead, "")
            whole.said[dead] += "".join(text for name, text in run.said.items() if name.startswith(f"{dead}/"))
            whole.results = {name: result for name, result in whole.results.items() if not name.startswith(f"{dead}/")}
            skip = sorted(name for name in whole.results if "/" not in name)
        raise Failure(f"more than {MOST_DEATHS} tests end the process: {', '.join(n for n, r in whole.results.items() if r == 'dies')}")

    def under_javascript(self, wasm):
        words = [*harness_engines.node(), "--no-warnings", STACK, f"--require={PRELOAD}", self.go.javascript(), wasm]
        self.reference = self.follow(lambda arguments, _: [*words, *arguments], "javascript", {})

    def stripped(self, engine, wasm):
        """Where paths begin is in the module, so each engine has its own."""
        cwd, _ = self.folder(engine)
        output = strip(wasm, self.work / f"{engine}.wasm", f"--cwd={cwd}")

        def words(arguments, variables):
            return [*ENGINES[engine](), "one", output, f"--arg0={wasm}", "--dir=/::/", *(f"--arg={value}" for value in arguments),
                    *(f"--env={key}={value}" for key, value in variables.items())]

        run = self.follow(words, engine, harness_engines.variables())
        self.compare(engine, run)

    def compare(self, engine, run):
        theirs, ours, rows = self.reference.leaves(), run.leaves(), differences(self.name, engine, self.go.minor, self.everything)
        wrong, used = [], set()
        for name in sorted(theirs | ours):
            results = f"{ours.get(name, 'not run')}, under JavaScript {theirs.get(name, 'not run')}"
            said = "".join(text for other, text in run.said.items() if other == name or name.startswith(f"{other}/"))
            pattern = next((pattern for pattern in rows if re.fullmatch(pattern, name)), None)
            if theirs.get(name) == ours.get(name):
                continue
            used.add(pattern)
            if pattern is None:
                wrong.append(f"{name}: {results}: {said.strip()[-600:]}")
            elif not re.search(rows[pattern]["says"], said):
                wrong.append(f"{name}: {results}, as expected, but it does not say '{rows[pattern]['says']}': {said.strip()[-600:]}")
        wrong += [f"{pattern}: nothing differs any more; expected.toml says that it does" for pattern in rows if pattern not in used]
        if wrong:
            raise Failure(f"{len(wrong)} differences, of {len(ours)} tests\n" + "\n".join(wrong))
        print(f"     {self.name} on {engine}: {len(ours)} tests", flush=True)


def differences(package, engine, minor, everything):
    """The rows of expected.toml about a package on an engine, by pattern."""
    rows = {}
    for row in tomllib.loads(EXPECTED.read_text())["difference"]:
        if engine in row.get("engines", ENGINES) and minor >= row.get("go", 0) and (everything or not row.get("all")):
            rows |= dict.fromkeys(row["tests"].get(package, []), row)
    return rows


def group(results, package, engines):
    name, compiled = package.name, []
    if not results.test(f"{name}/compile", lambda: compiled.append(package.compile())):
        return
    if not results.test(f"{name}/javascript", lambda: package.under_javascript(compiled[0])):
        return
    for engine in engines:
        results.test(f"{name}/{engine}", lambda e=engine: package.stripped(e, compiled[0]))


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("package", nargs="*", choices=[[], *PACKAGES], help="as archive/tar; all without")
    parser.add_argument("--engine", action="append", choices=list(ENGINES))
    parser.add_argument("--all", action="store_true", help="every test on every engine")
    options = parser.parse_args()
    harness_engines.load()
    paths.lock("gostd")
    results = Results("gostd")
    try:
        packages = [Package(name, options.all) for name in options.package or [name for name in PACKAGES if options.all or name not in ONLY_ALL]]
    except Skip as reason:
        return report("gostd", {"gostd": skip(str(reason))})
    # What takes longest goes first.
    packages.sort(key=lambda package: package.name not in ("os", "net"))
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        futures = []
        for package in packages:
            engines = options.engine or (list(ENGINES) if options.all else [PACKAGES[package.name]])
            futures.append(pool.submit(group, results, package, engines))
        for future in futures:
            future.result()
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
