"""Back traces of parigot's processes, which have been rewritten so that they can wait: by Asyncify, the pair in C of tests/parigot, whose
server divides by zero; by go-coroutines, the pair in Go, whose client calls a service that is cut."""

import shutil
import sys

from harness import engines, paths, process, tools
from harness.engines import ENGINES, EXIT_TRAP, tool
from harness.paths import TESTS
from harness.report import Failure

import outputs
from traces import PLACE, command

sys.path.insert(0, str(TESTS / "parigot"))
from suite.cases import Case  # noqa: E402

CASE = TESTS / "parigot/cases/hello-c"
GUEST = TESTS / "parigot/guest-c"
BEFORE = "  snprintf(text, sizeof text, greetings[param->number], param->text);\n"
FAULT = "  static volatile int zero;\n  zero = 100 / zero;\n"
FLAGS = ["--target=wasm32-wasi", "--sysroot=/usr", "-std=gnu17", "-O2", "-g", "-Wl,--export=malloc"]
WINDINGS = {"O0": [], "O2": ["-O2"], "multi": ["--memory=multi"]}


def world():
    """The deployment file, with compiled processes beside it; the line of the fault."""
    folder = paths.fresh(paths.work("debug") / "processes")
    text = (CASE / "greeting.c").read_text()
    if BEFORE not in text:
        raise Failure("greeting.c has changed")
    (folder / "greeting.c").write_text(text.replace(BEFORE, FAULT + BEFORE))
    shutil.copy(CASE / "hello.c", folder)
    shutil.copy(CASE / "deploy.toml", folder)
    for name in ("greeting", "hello"):
        process.check([tool("PARIGOT_CLANG", "clang"), *FLAGS, f"-I{GUEST}", "-o", str(folder / f"{name}.wasm"), str(folder / f"{name}.c"),
                       str(GUEST / "parigot.c")])
    return folder / "deploy.toml", text.split(BEFORE)[0].count("\n") + 2


def check(engine, module, line):
    environment = {**engines.environment(), "WASMTIME_BACKTRACE_DETAILS": "1"}
    done = process.run([*command(engine), "one", str(module), "--arg0=main"], env=environment)
    if done.returncode != EXIT_TRAP:
        raise Failure(f"exit code {done.returncode}: {done.stdout}{done.stderr}")
    places = PLACE.findall(done.stderr)
    if not places or places[0] != ("greeting.c", str(line)):
        raise Failure(f"the innermost line is not greeting.c:{line}: {done.stderr}")
    # What runs the handler is below it: the library's loop, and main.
    if engine != "node" and not {"parigot.c"} <= {file for file, _ in places}:
        raise Failure(f"nothing of parigot.c: {done.stderr}")


def check_go():
    """On the stack of the call that traps are the program's lines since its goroutine was resumed: here the whole of it."""
    case = Case(TESTS / "parigot/cases/hello")
    case.work = paths.work("debug") / "go-process"
    case.prepare()
    module = case.work / "trap.wasm"
    tools.build(case.work / "deploy.toml", module, "-q", "-g", f"--source-map={module}.map", "--profile", "dev", "--cut", "greeting=trap")
    done = process.run([*command("node"), "one", str(module), "--arg0=main"], env=engines.environment())
    if done.returncode != EXIT_TRAP:
        raise Failure(f"exit code {done.returncode}: {done.stdout}{done.stderr}")
    source = (case.folder / "hello.go").read_text().splitlines()
    wanted = [("hello.go", str(number)) for number, line in enumerate(source, 1) if "greeting.Call(" in line or "guest.Loop()" in line]
    missing = [place for place in wanted if place not in PLACE.findall(done.stderr)]
    if len(wanted) != 2 or missing:
        raise Failure(f"not in the back trace: {missing or wanted}\n{done.stderr}")


def tests():
    """{name: function} of all checks."""
    manifest, line = world()
    found = {"process go node": check_go}
    for name, options in WINDINGS.items():
        module = manifest.parent / f"{name}.wasm"
        tools.build(manifest, module, "-q", "-g", f"--source-map={module}.map", *options)
        found[f"process {name} verify"] = lambda m=module: outputs.verify(m)
        for engine in ENGINES if name != "multi" else ("node", "wasmtime"):
            found[f"process {name} {engine}"] = lambda e=engine, m=module: check(e, m, line)
    return found
