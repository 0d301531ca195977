"""A case in the form of tests/e2e: the sources of services, a manifest, and the expected results. tests/e2e/README.md has the
form."""

import json
import shutil
import tomllib

from harness import engines, paths, process, windings
from harness.engines import ENGINES, EXIT_TRAP, tool
from harness.plan import make_spec
from harness.process import Outcome
from harness.report import Failure
from harness.services import compile_service


class Case:
    """A folder of cases, and the folder that it is compiled and wound in."""

    def __init__(self, folder, work):
        self.folder = folder
        self.name = folder.name
        settings = folder / "case.toml"
        self.settings = tomllib.loads(settings.read_text()) if settings.exists() else {}
        self.work = work

    def prepare(self):
        """Leaves the world with its services, and the plan to run them apart, in the work folder."""
        paths.fresh(self.work)
        if example := self.settings.get("example"):
            tool("PARIGOT_CLANG", "clang")
            built = process.check([paths.ROOT / "examples" / example[0] / "build.sh", *example[1:]])
            shutil.copytree(built.strip(), self.work, dirs_exist_ok=True)
        else:
            self.compile()
        (self.work / "spec.json").write_text(json.dumps(make_spec(self.work), indent=2))

    def compile(self):
        """Leaves the manifest and the services in the work folder, which exists."""
        shutil.copy(self.folder / "world.toml", self.work)
        manifest = tomllib.loads((self.folder / "world.toml").read_text())
        for name in manifest["service"]:
            compile_service(self, name, name == manifest["world"]["main"], self.work)

    def expected(self):
        code = EXIT_TRAP if self.settings.get("trap") else self.settings.get("exit", 0)
        files = self.folder / "files-after"
        return Outcome(code, (self.folder / "expected").read_text(), "", read_files(files) if files.exists() else {})

    def wind(self, winding):
        """Winds the world in one way of windings.py; where the module is."""
        return windings.wind(winding, self.work / "world.toml", self.work / f"{winding}.wasm")

    def run_apart(self, engine):
        return self.run(engine, ["apart", self.work / "spec.json"], "apart")

    def run_wound(self, engine, winding):
        return self.run(engine, ["one", self.work / f"{winding}.wasm"], winding)

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
        if limit := self.settings.get("memory-limit"):
            words.append(f"--memory-limit={limit}")
        if data.exists():
            words.append(f"--dir={data}::/data")
        done = process.run(words, input=self.settings.get("stdin", "").encode(), text=False, env=engines.environment())
        stderr = done.stderr.decode(errors="replace")
        (self.work / f"stderr.{engine}.{what}").write_text(stderr)
        if (done.returncode == EXIT_TRAP) != ("trap: " in stderr):
            raise Failure(f"exit code {done.returncode}, and on standard error: {stderr}")
        return Outcome(done.returncode, done.stdout.decode(errors="replace"), stderr, read_files(data) if data.exists() else {})

    def check(self, outcome, what):
        """Compares a run with what is expected. Messages are for people, and not compared."""
        outcome.check_same(self.expected(), ignore=("stderr",))
        function = self.settings.get("trap-in", {}).get(what)
        if function and function not in outcome.stderr:
            raise Failure(f"no {function} in the back trace: {outcome.stderr}")

    def update(self):
        """Records what the services do apart, on Node, as what is expected."""
        outcome = self.run_apart("node")
        print(f"{self.name}: exit {outcome.exit} {outcome.stderr.strip()}\n{outcome.stdout}", end="")
        (self.folder / "expected").write_text(outcome.stdout)
        shutil.rmtree(self.folder / "files-after", ignore_errors=True)
        for name, text in outcome.files.items():
            path = self.folder / "files-after" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


def read_files(folder):
    return {str(p.relative_to(folder)): p.read_text() for p in sorted(folder.rglob("*")) if p.is_file() and p.name != ".gitkeep"}
