"""Runs the end-to-end cases; tests/e2e/run.sh calls it with the engines in the environment. See README.md."""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import shutil
import subprocess
import sys
import tomllib

from runner import Skip, root
from runner.engines import ENGINES, MULTI_MEMORY
from runner.results import Results
from runner.services import compile_service, tool
from runner.spec import make_spec

E2E = root / "tests/e2e"
WORK = root / "build/tests/e2e"
DRIVER = root / "build/bin/parigot-opt"
WASM_OPT = root / "build/bin/wasm-opt"
PLUGIN = root / "build/lib/libparigot-passes.so"
WAZERO_CACHE = WORK / "cache/wazero"  # machine code of what it compiled; wasmtime has such a cache of its own
WAZERO_CACHE_LIMIT = 2 << 30  # bytes; wazero itself never throws anything away
EXIT_TRAP = 134
TIMEOUT = 300  # seconds, of one run; far above what any takes

# How a world is run: apart, or wound with these options.
WINDINGS = {"one": [], "one-O2": ["-O2"], "one-folded": ["--fold-bases"], "one-isolated": ["--isolate"],
            "multi": ["--memory=multi"], "multi-O2": ["--memory=multi", "-O2"],
            "multi-isolated": ["--memory=multi", "--isolate"], "multi-single": ["--memory=multi"]}
DEFAULT_WINDINGS = ["one", "one-O2", "one-isolated", "multi", "multi-isolated", "multi-single"]
PLACED_AGAIN = {"multi-single"}  # windings that wasm-opt --place-memories turns into layout single afterwards


class Failure(Exception):
    """A test that failed; the message says how."""


@dataclasses.dataclass
class Outcome:
    """What a run is compared by."""

    exit: int
    stdout: str
    files: dict

    def differs_from(self, other):
        for what in ("exit", "stdout", "files"):
            ours, theirs = getattr(self, what), getattr(other, what)
            if ours != theirs:
                return f"{what}: {ours!r}, expected {theirs!r}"
        return None


class Case:
    """A folder of tests/e2e/cases."""

    def __init__(self, folder):
        self.folder = folder
        self.name = folder.name
        settings = folder / "case.toml"
        self.settings = tomllib.loads(settings.read_text()) if settings.exists() else {}
        self.work = WORK / self.name

    def at(self, work):
        """The same case with another work folder."""
        other = Case(self.folder)
        other.work = work
        return other

    def prepare(self):
        """Leaves the world with its services, and the plan to run them apart, in the work folder."""
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        if example := self.settings.get("example"):
            tool("PARIGOT_CLANG", "clang")
            built = subprocess.run([root / "examples" / example[0] / "build.sh", *example[1:]], capture_output=True, text=True, check=False)
            if built.returncode != 0:
                raise Failure(f"build.sh of the example failed: {built.stderr}")
            shutil.copytree(built.stdout.strip(), self.work, dirs_exist_ok=True)
        else:
            shutil.copy(self.folder / "world.toml", self.work)
            manifest = tomllib.loads((self.folder / "world.toml").read_text())
            for name in manifest["service"]:
                compile_service(self, name, name == manifest["world"]["main"], self.work)
        (self.work / "spec.json").write_text(json.dumps(make_spec(self.work), indent=2))

    def expected(self):
        exit = EXIT_TRAP if self.settings.get("trap") else self.settings.get("exit", 0)
        files = self.folder / "files-after"
        return Outcome(exit, (self.folder / "expected").read_text(), read_files(files) if files.exists() else {})

    def wind(self, winding):
        if not DRIVER.exists():
            raise Skip("build/bin/parigot-opt is not built")
        output = self.work / f"{winding}.wasm"
        done = subprocess.run([DRIVER, "build", self.work / "world.toml", "-o", output, *WINDINGS[winding]],
                              capture_output=True, text=True, check=False, timeout=TIMEOUT)
        if done.returncode != 0:
            raise Failure(f"parigot-opt exited with {done.returncode}: {done.stderr}")
        if winding in PLACED_AGAIN:
            words = [WASM_OPT, "--load-pass", PLUGIN, output, "--place-memories", "-o", output]
            done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=TIMEOUT)
            if done.returncode != 0:
                raise Failure(f"wasm-opt exited with {done.returncode}: {done.stderr}")
        return output

    def run(self, engine, words, what):
        """Runs a host, in a fresh copy of the files that the case gives it."""
        data = self.work / f"files.{engine}.{what}"
        if (self.folder / "files").exists():
            shutil.rmtree(data, ignore_errors=True)
            shutil.copytree(self.folder / "files", data)
        words = [*ENGINES[engine](), *words, "--arg0=main"]
        words += [f"--arg={value}" for value in self.settings.get("args", [])]
        words += [f"--env={value}" for value in self.settings.get("env", [])]
        words += [f"--stub={value}" for value in self.settings.get("stub", [])]
        if data.exists():
            words.append(f"--dir={data}::/data")
        environment = {**os.environ, "PARIGOT_WAZERO_CACHE": str(WAZERO_CACHE)}
        done = subprocess.run(words, input=self.settings.get("stdin", "").encode(), capture_output=True, check=False,
                              timeout=TIMEOUT, env=environment)
        stderr = done.stderr.decode(errors="replace")
        (self.work / f"stderr.{engine}.{what}").write_text(stderr)
        if (done.returncode == EXIT_TRAP) != ("trap: " in stderr):
            raise Failure(f"exit code {done.returncode}, and on standard error: {stderr}")
        outcome = Outcome(done.returncode, done.stdout.decode(errors="replace"), read_files(data) if data.exists() else {})
        return outcome, stderr


def read_files(folder):
    return {str(p.relative_to(folder)): p.read_text() for p in sorted(folder.rglob("*")) if p.is_file() and p.name != ".gitkeep"}


def run_case(case, results, options):
    try:
        case.prepare()
        expected = None if options.update else case.expected()
    except (Skip, Failure, OSError, RuntimeError, AssertionError, ValueError) as error:
        def whole_case():
            raise error if isinstance(error, (Skip, Failure)) else Failure(f"{type(error).__name__}: {error}")
        results.test(case.name, whole_case)
        return
    if options.update:
        update(case)
        return

    def compare(engine, what, words):
        outcome, stderr = case.run(engine, words, what)
        if difference := outcome.differs_from(expected):
            raise Failure(f"{difference}{' - on standard error: ' + stderr if stderr else ''}")
        function = case.settings.get("trap-in", {}).get(what)
        if function and function not in stderr:
            raise Failure(f"no {function} in the back trace: {stderr}")

    for engine in options.engine:
        results.test(f"{case.name}/{engine}/apart", lambda: compare(engine, "apart", ["apart", str(case.work / "spec.json")]))
    for winding in case.settings.get("windings", DEFAULT_WINDINGS):
        wound = []
        if results.test(f"{case.name}/wind/{winding}", lambda: wound.append(case.wind(winding))):
            for engine in options.engine:
                if winding.startswith("multi") and winding not in PLACED_AGAIN and engine not in MULTI_MEMORY:
                    continue
                results.test(f"{case.name}/{engine}/{winding}", lambda: compare(engine, winding, ["one", str(wound[0])]))


def update(case):
    outcome, stderr = case.run("node", ["apart", str(case.work / "spec.json")], "apart")
    print(f"{case.name}: exit {outcome.exit} {stderr.strip()}\n{outcome.stdout}", end="")
    (case.folder / "expected").write_text(outcome.stdout)
    shutil.rmtree(case.folder / "files-after", ignore_errors=True)
    for name, text in outcome.files.items():
        path = case.folder / "files-after" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("case", nargs="*", help="names of cases; all without")
    parser.add_argument("--update", action="store_true", help="record what the services do apart, on Node")
    parser.add_argument("--engine", action="append", choices=list(ENGINES))
    options = parser.parse_args()
    options.engine = options.engine or list(ENGINES)

    known = {folder.name: Case(folder) for folder in sorted((E2E / "cases").iterdir()) if folder.is_dir()}
    properties = {} if options.update else property_tests()
    if unknown := set(options.case) - {*known, *properties}:
        sys.exit(f"run.py: no such case: {', '.join(sorted(unknown))}")
    wanted = options.case or [*known, *properties]

    if sum(path.stat().st_size for path in WAZERO_CACHE.rglob("*") if path.is_file()) > WAZERO_CACHE_LIMIT:
        shutil.rmtree(WAZERO_CACHE)
    results = Results("e2e", Failure)
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        # Long ones first, so that the end is not one of them alone.
        cases = sorted((known[name] for name in wanted if name in known), key=lambda case: -case.settings.get("weight", 0))
        futures = [pool.submit(run_case, case, results, options) for case in cases]
        futures += [pool.submit(results.test, name, properties[name]) for name in wanted if name in properties]
        for future in futures:
            future.result()
    print(results.summary())
    sys.exit(results.counts["FAIL"] > 0)


def property_tests():
    """name -> function, of the tests that are no case."""
    from runner import properties  # pylint: disable=import-outside-toplevel

    return properties.tests(DRIVER, lambda name, work: Case(E2E / "cases" / name).at(WORK / "properties" / work), Failure)


if __name__ == "__main__":
    main()
