"""Sessions of debuggers in a world of Go, C and Rust (stepping/): at each stop the sources' marks say file and line, and who called.

node, chromium: V8's inspector and our source map (inspector/client.mjs). lldb: LLDB, attached to wasmtime, and our DWARF (lldb_client.py).
gdb: gdb, and what wasmtime makes of our DWARF for the machine's code (gdb_session.py).
"""

import functools
import json
import re

from harness import engines, paths, process, tools
from harness.paths import ROOT, TESTS
from harness.report import Failure
from harness.worlds import Case

import gdb_session
import lldb_session
from steps import session

SOURCES = TESTS / "debug/stepping"
CLIENT = TESTS / "debug/inspector/client.mjs"
MARK = re.compile(r"\b(stop|below) (\w+)")
OUTPUT = "500\n675\n1\n"

# A source map has no inlined calls, so the caller of a function that Go inlined is missing.
ORDER = ("with_rate", "order")
NODE = [*session(ORDER, [("over", "entry", ("rate_", *ORDER))]), ("continue", None, ())]


def marks():
    """{mark: "file:line"} of all sources, for each of both kinds."""
    found = {"stop": {}, "below": {}}
    for file in ("main.go", "till.c", "rates.rs"):
        for number, line in enumerate((SOURCES / file).read_text().splitlines(), 1):
            code, _, marked = line.partition("// ")
            for kind, name in MARK.findall(marked) if code.strip() else ():
                found[kind][name] = f"{file}:{number}"
    return found


def world(folder):
    """The world, wound with DWARF and a source map; where the module is."""
    paths.fresh(folder)
    Case(SOURCES, folder).compile()
    module = folder / "one.wasm"
    return tools.build(folder / "world.toml", module, "-g", f"--source-map={module}.map")


def steps(session):
    """The steps of a session as clients take them: [verb], or [verb, place]."""
    stop = marks()["stop"]
    words = [step.split() for step, *_ in session]
    return [[verb, *(stop[name] for name in names)] for verb, *names in words]


def check(session, result):
    """Compares the stops of a client, {"stops", "exit", "output"}, with the marks."""
    known = marks()
    wanted = [(step, mark, below) for step, mark, below in session if mark]
    stops = [[f"{file}:{line}" for _, file, line in stop["frames"]] for stop in result["stops"]]
    for (step, mark, below), places in zip(wanted, stops):
        if places[0] != known["stop"][mark]:
            raise Failure(f"{step} ends at {places[0]}, not {known['stop'][mark]} ({mark}): {places}")
        rest = iter(places[1:])
        missing = [name for name in below if known["below"][name] not in rest]
        if missing:
            raise Failure(f"{step}, at {places[0]}: no {missing[0]} ({known['below'][missing[0]]}) in its place on the stack: {places}")
    if len(stops) != len(wanted):
        raise Failure(f"{len(stops)} stops, not {len(wanted)}: {stops}")
    if result["exit"] != 0 or result["output"] != OUTPUT:
        raise Failure(f"the program ended with {result['exit']} and printed {result['output']!r}")


def inspect(module, target, command, **more):
    words = {"target": target, "command": command, "map": f"{module}.map", "steps": steps(NODE), **more}
    said = process.check([*engines.node(), CLIENT, json.dumps(words)], timeout=120)
    check(NODE, json.loads(said))


def node(module):
    inspect(module, "node", [str(ROOT / "tests/e2e/hosts/node/host.mjs"), "one", str(module)])


def chromium(module):
    inspect(module, "chromium", [engines.tool("PARIGOT_CHROMIUM", "Chromium"), str(module)],
            shim=engines.tool("PARIGOT_BROWSER_WASI", "WASI for browsers"))


def lldb(module):
    check(lldb_session.SESSION, lldb_session.run(module, steps(lldb_session.SESSION)))


def gdb(module):
    check(gdb_session.SESSION, gdb_session.run(module, steps(gdb_session.SESSION)))


def tests(folder):
    """{name: function} of all sessions."""
    module = world(folder)
    return {f"session {each.__name__}": functools.partial(each, module) for each in (node, chromium, lldb, gdb)}
