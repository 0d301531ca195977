"""Back traces of traps in a world of Go, C and Rust (traps/): the engine has to name the lines that the sources mark."""

import re
from types import SimpleNamespace

from harness import engines, process, windings
from harness.engines import EXIT_TRAP, ENGINES
from harness.paths import ROOT, TESTS
from harness.report import Failure
from harness.worlds import Case

SOURCES = TESTS / "debug/traps"
LOADER = ROOT / "share/wasm-stack-traces.mjs"
MARK = re.compile(r"\b(trap|calls) (\w+)")
# What traces call a place: "/tmp/x/c.c:17:9", "main.go:39".
PLACE = re.compile(r"([\w.-]+\.(?:c|go|rs)):(\d+)")
CALLERS = {"c": "c", "deep": "c", "rust": "rust"}  # of main.go, and the service that each calls
FILES = {"main": "main.go", "c": "c.c", "rust": "rust.rs"}
# Windings in which every trap is tried, and those in which some are.
ALL_TRAPS = ("one", "one-isolated-O2")
SOME_TRAPS = ("one-O2", "one-isolated", "multi", "multi-O2")
SAMPLE = {("c", "inlined"), ("deep", "divide"), ("rust", "index")}
# In one memory without isolation, an access beyond the service's memory does not trap.
OUT_OF_BOUNDS = {"load", "store", "fill"}


def marks(file, folder=SOURCES):
    """{trap: {(file, line): "trap" or "calls"}} of a source."""
    found = {}
    for number, line in enumerate((folder / file).read_text().splitlines(), 1):
        _, comment, marked = line.partition("// ")
        for kind, name in MARK.findall(marked) if comment and line.strip() != comment + marked else ():
            found.setdefault(name, {})[file, number] = kind
    return found


def traps():
    """[caller, trap, {(file, line): kind}]: what is on the stack when a service that this caller calls traps so."""
    callers = marks(FILES["main"])
    for caller, service in CALLERS.items():
        here = marks(FILES[service])
        for name in here:
            if name == "all" or (caller == "deep" and (caller, name) not in SAMPLE):
                continue
            lines = {**here[name], **here.get("all", {}), **callers["all"], **callers[service], **callers.get(caller, {})}
            yield caller, name, lines


def world(folder):
    """The services, compiled with debug information."""
    case = Case(SOURCES, folder)
    case.settings = {"service": {name: {"debug": True} for name in FILES}}
    folder.mkdir(parents=True, exist_ok=True)
    case.compile()
    return folder / "world.toml"


def command(engine):
    words = ENGINES[engine]()
    return [words[0], f"--import={LOADER}", *words[1:]] if engine == "node" else words


def check_trace(engine, module, caller, name, lines):
    environment = {**engines.environment(), "WASMTIME_BACKTRACE_DETAILS": "1"}
    words = [*command(engine), "one", str(module), "--arg0=main", f"--arg={caller}", f"--arg={name}"]
    done = process.run(words, env=environment)
    if done.returncode != EXIT_TRAP:
        raise Failure(f"exit code {done.returncode}: {done.stdout}{done.stderr}")
    places = [(file, int(line)) for file, line in PLACE.findall(done.stderr)]
    missing = sorted(place for place in lines if place not in places)
    # A source map has no inlined calls, so a trap in a function that was inlined shows nothing of those around it.
    if engine == "node" and len(missing) < len(lines):
        missing = []
    if missing:
        raise Failure(f"not in the back trace: {missing}\n{done.stderr}")
    ours = [place for place in places if place[0] in FILES.values()]
    traps_at = [place for place, kind in lines.items() if kind == "trap"]
    if traps_at and engine != "node" and ours[0] not in traps_at:
        raise Failure(f"the innermost line is {ours[0]}, not {traps_at}\n{done.stderr}")


def tests(manifest, chosen=tuple(ENGINES)):
    """{name: function} of all checks."""
    folder = manifest.parent
    found = {}
    for winding in (*ALL_TRAPS, *SOME_TRAPS):
        module = folder / f"{winding}.wasm"
        windings.wind(winding, manifest, module, "-g", f"--source-map={module}.map")
        for engine in chosen:
            for caller, name, lines in traps() if windings.runs_on(winding, engine) else ():
                if name in OUT_OF_BOUNDS and winding == "one":
                    continue
                if winding in ALL_TRAPS or (caller, name) in SAMPLE:
                    test = SimpleNamespace(engine=engine, module=module, caller=caller, name=name, lines=lines)
                    found[f"trace {winding} {engine}: {caller} {name}"] = lambda t=test: check_trace(**vars(t))
    return found
