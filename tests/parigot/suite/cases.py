"""The folders of tests/parigot/cases: how one is compiled, run apart, wound, and run in one module."""

import json
import shutil
import subprocess
import tomllib

from harness import engines, paths, process, windings
from harness.engines import ENGINES, tool
from harness.report import Failure, verdict_of
from harness.tools import build

from suite import HERE, WORK
from suite.deployment import make_plan, read_deployment, with_subset
from suite.programs import CProgram, GoProgram, compile_program


def field(number, value):
    """A field of a protobuf message: bytes, or a number."""
    if isinstance(value, int):
        return bytes([number << 3, value])
    return bytes([number << 3 | 2, len(value)]) + value


# The FileDescriptorSet (descriptor.proto) of test.v1.Payload, the message of these tests: string text, int32 number, bytes data.
PAYLOAD_DESCRIPTORS = field(1, field(1, b"test.proto") + field(2, b"test.v1") + field(4, field(1, b"Payload") + b"".join(
    field(2, field(1, name) + field(3, number) + field(4, 1) + field(5, kind))
    for number, (name, kind) in enumerate(((b"text", 9), (b"number", 5), (b"data", 12)), 1))) + field(12, b"proto3"))

TIMEOUT = 120  # seconds, of one run; far above what any takes

# How a world is wound.
WINDINGS = ["one", "one-O2", "one-isolated", "multi", "one-lawful"]
# How a brief case is: one that is about the kernel's answers, which neither -O2 nor an engine has a part in.
BRIEF = {"one": ["node", "wazero"], "one-isolated": ["node"], "multi": ["node"]}
# On which engines other cases run, without --all. wasmtime takes seconds to compile each program of Go, and what the layout
# changes is what e2e is about.
USUAL = {"one": ["node", "wazero"], "one-O2": ["node"], "one-isolated": ["node"], "multi": ["node"]}


class Case:
    """A folder of tests/parigot/cases."""

    programs = HERE / "programs"  # sources that several cases use
    compilers = {".go": GoProgram, ".c": CProgram}
    usual = USUAL

    def __init__(self, folder, name=None):
        self.folder = folder
        self.name = name or folder.name
        self.work = WORK / self.name
        settings = folder / "case.toml"
        self.settings = tomllib.loads(settings.read_text()) if settings.exists() else {}
        self.deployment = folder / "deploy.toml"
        self.services = read_deployment(self.deployment)

    def prepare(self):
        """Leaves the deployment file and the services in the work folder."""
        paths.fresh(self.work)
        shutil.copy(self.deployment, self.work)
        for wasm in sorted({*(service.wasm for service in self.services), *self.settings.get("also", [])}):
            compile_program(self, wasm, self.work)

    def run_apart(self, what, services):
        """Runs services under the reference host."""
        plan = self.work / f"plan.{what}.json"
        plan.write_text(json.dumps(make_plan(services, self.work), indent=2))
        return self.run(what, [*self.reference_host(), str(plan)])

    def reference_host(self):
        """The words of the command that runs a plan."""
        return [tool("PARIGOT_REFERENCE_HOST", "the reference host")]

    def run(self, what, words):
        """Runs a host; what became of it: exit code, standard output, standard error."""
        done = process.run(words, TIMEOUT, stdin=subprocess.DEVNULL, text=False, env=engines.environment())
        stderr = done.stderr.decode(errors="replace")
        (self.work / f"stderr.{what}").write_text(stderr)
        return done.returncode, done.stdout.decode(errors="replace"), stderr

    def check(self, outcome, settings=None, file="expected"):
        """Compares what became of a run with what is expected."""
        settings = self.settings if settings is None else settings
        exit_code, stdout, stderr = outcome
        expected = (settings.get("exit", 0), (self.folder / file).read_text())
        if (exit_code, stdout) != expected:
            for what, ours, theirs in (("exit", exit_code, expected[0]), ("stdout", stdout, expected[1])):
                if ours != theirs:
                    raise Failure(f"{what}: {ours!r}, expected {theirs!r}{' - on standard error: ' + stderr if stderr else ''}")
        wanted = settings.get("stderr", "")
        if wanted not in stderr:
            raise Failure(f"standard error lacks {wanted!r}: {stderr}")

    def wind(self, name, options, manifest=None):
        """Winds the deployment file, or a manifest, with these options into a module of this name."""
        if manifest:
            return build(self.work / manifest, self.work / f"{name}.wasm", *options)
        if "lawful" in name.split("-"):
            return windings.lawful(self.work / "deploy.toml", self.work / f"{name}.wasm", *options)
        return build(self.work / "deploy.toml", self.work / f"{name}.wasm", "--profile", "dev", *options)


def run_case(case, results, options):
    """All tests of a case: apart; then, unless only that is wanted, wound in each way, and in part."""
    verdict = verdict_of(case.prepare)
    if verdict.kind != "pass":
        results.add(case.name, verdict)
        return
    if options.update:
        exit_code, stdout, stderr = case.run_apart("apart", case.services)
        print(f"{case.name}: exit {exit_code} {stderr.strip()}\n{stdout}", end="")
        (case.folder / "expected").write_text(stdout)
        return
    results.test(f"{case.name}/apart", lambda: case.check(case.run_apart("apart", case.services)))
    if not options.apart:
        run_wound(case, results, options)
        run_subsets(case, results)
        run_variants(case, results, options)
        run_groups(case, results)
        run_recordings(case, results)


def run_wound(case, results, options):
    everywhere = options.all or case.settings.get("everywhere")
    wanted = {winding: list(ENGINES) for winding in WINDINGS} if everywhere else BRIEF if case.settings.get("brief") else case.usual
    for winding, chosen in wanted.items():
        wound = []
        if not results.test(f"{case.name}/wind/{winding}", lambda: wound.append(case.wind(winding, windings.options(winding)))):  # noqa: B023
            continue
        for engine in options.engine:
            if engine not in chosen or engine not in case.settings.get("engines", ENGINES):
                continue
            if not windings.runs_on(winding, engine):
                continue
            what = f"{engine}.{winding}"
            command = lambda: [*ENGINES[engine](), "one", str(wound[0]), "--arg0=main"]  # noqa: B023, E731
            results.test(f"{case.name}/{engine}/{winding}", lambda: case.check(case.run(what, command())))  # noqa: B023


def run_variants(case, results, options):
    """Worlds of the same deployment that are wound with other options, and print something else."""
    for variant in case.settings.get("variant", []):
        name = variant["name"]
        for file in case.folder.glob("*.toml"):
            shutil.copy(file, case.work)
        (case.work / "payload.descriptors").write_bytes(PAYLOAD_DESCRIPTORS)
        words = [word.replace("@", f"{case.work}/") for word in variant["options"]]
        wound = []
        if not results.test(f"{case.name}/wind/{name}", lambda: wound.append(case.wind(name, words, variant.get("manifest")))):  # noqa: B023
            continue
        for engine in [engine for engine in options.engine if engine in ("node", "wazero")]:
            command = lambda: [*ENGINES[engine](), "one", str(wound[0]), "--arg0=main"]  # noqa: B023, E731
            run = lambda: case.check(case.run(f"{engine}.{name}", command()), variant, f"expected.{name}")  # noqa: B023, E731
            results.test(f"{case.name}/{engine}/{name}", run)


def run_groups(case, results):
    """All services, wound in groups; the reference host runs the deployment file that parigot-opt writes."""
    for number, groups in enumerate(case.settings.get("groups", [])):
        folder = case.work / f"groups{number}"

        def run(groups=groups, folder=folder):
            words = [word for group in groups for word in ("--group", group)]
            build(case.work / "deploy.toml", folder, "--profile", "dev", *words)
            plan = folder / "plan.json"
            plan.write_text(json.dumps(make_plan(read_deployment(folder / "deploy.toml"), folder), indent=2))
            case.check(case.run(f"groups{number}", [*case.reference_host(), str(plan)]))

        results.test(f"{case.name}/groups {' '.join(groups)}", run)


def run_recordings(case, results):
    """The calls to a service are recorded, in the same output; then the recording stands in for the service, without its file."""
    for service, words in case.settings.get("recorded", {}).items():
        folder = case.work / f"recorded-{service}"

        def run(engine, module, folder=folder):
            words = [*ENGINES[engine](), "one", str(module), "--arg0=main", f"--dir={folder}::/data"]
            case.check(case.run(f"{engine}.{module.stem}", words))

        def record(service=service, folder=folder, run=run):
            module = case.wind(f"record-{service}", ["--record", f"{service}={service}.calls"])
            recordings = set()
            for engine in ("node", "wazero"):
                paths.fresh(folder)
                run(engine, module)
                head, *calls = (folder / f"{service}.calls").read_text().splitlines()
                calls = [json.loads(call) for call in calls]
                if json.loads(head)["service"] != service or not calls:
                    raise Failure(f"{engine}: {head} {calls}")
                recordings.add(json.dumps([{key: call[key] for key in ("method", "request", "reply", "error")} for call in calls]))
            if len(recordings) > 1:
                raise Failure(f"the engines differ: {recordings}")

        def play(service=service, folder=folder, run=run, words=words):
            replies = case.work / f"played-{service}.toml"
            replies.write_text(f'[[reply]]\nservice = "{service}"\nfrom = "{folder}/{service}.calls"\n')
            (case.work / f"{service}.wasm").rename(case.work / f"{service}.gone")
            try:
                module = case.wind(f"played-{service}", ["--replies", str(replies), *words])
            finally:
                (case.work / f"{service}.gone").rename(case.work / f"{service}.wasm")
            for engine in ("node", "wazero"):
                run(engine, module)

        if results.test(f"{case.name}/record {service}", record):
            results.test(f"{case.name}/play {service}", play)


def run_subsets(case, results):
    """Some of the services wound into a module, which is then one process among the others."""
    for subset in case.settings.get("subset", []):
        names = subset["services"]
        module = "subset-" + "-".join(names)
        words = [word for name in names for word in ("--service", name)]
        if "main" in subset:
            words += ["--main", subset["main"]]

        def run(names=names, module=module, words=words):
            case.wind(module, words)
            case.check(case.run_apart(module, with_subset(case.services, names, module)))

        results.test(f"{case.name}/{module}", run)
