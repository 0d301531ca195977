"""gdb on a world that wasmtime compiles for the machine: breakpoints and the stack. `next` over a service call is not tried: in some
runs gdb ends the program with SIGSEGV then."""

import pathlib
import re
import shlex

from harness import engines, process
from harness.report import Failure, Skip

COMPILE = ["-D", "debug-info", "-O", "opt-level=0"]
SETTINGS = ["set pagination off", "set confirm off", "set breakpoint pending on", "handle SIGSEGV nostop noprint pass"]
# gdb shows no inlined calls.
ORDER = ("with_rate", "order")
SESSION = [
    ("break call", None, ()),
    ("continue", "call", ORDER),
    ("continue", "call", ORDER),
    ("break many", None, ()),
    ("clear call", None, ()),
    ("continue", "many", ("percent", "rate_", *ORDER)),
    ("clear many", None, ()),
    ("break rate", None, ()),
    ("continue", "rate", ("greatest",)),
    ("continue", None, ()),
]
STOP = "--- stop"
FRAME = re.compile(r"^#\d+ .* at (?:.*/)?([^/\s]+):(\d+)$", re.MULTILINE)


def program():
    """wasmtime itself: PyPI's command is a script that starts it."""
    script = pathlib.Path(engines.tool("PARIGOT_WASMTIME_CLI", "wasmtime"))
    return next(script.parent.parent.glob("lib/python*/site-packages/wasmtime_cli/wasmtime"), script)


def commands(wanted):
    """What gdb is told. The program begins with the first `continue`."""
    numbers, running = {}, False
    for verb, *where in wanted:
        if verb == "break":
            numbers[where[0]] = len(numbers) + 1
            yield f"break {where[0]}"
        elif verb == "clear":
            yield f"delete {numbers[where[0]]}"
        else:
            yield "continue" if running else "run"
            yield from (f"echo {STOP}\\n", "bt")
            running = True
    yield "print $_exitcode"


def run(module, wanted):
    """The result of the session, as inspector/client.mjs gives it."""
    gdb = engines.tool("PARIGOT_GDB", "gdb")
    compiled, output = module.with_suffix(".native.cwasm"), module.with_suffix(".gdb.out")
    process.check([program(), "compile", *COMPILE, module, "-o", compiled])
    arguments = f"set args run --allow-precompiled {' '.join(COMPILE)} {shlex.quote(str(compiled))} > {shlex.quote(str(output))}"
    words = [word for command in [*SETTINGS, arguments, *commands(wanted)] for word in ("-ex", command)]
    done = process.run([gdb, "-nx", "-batch", *words, program()], timeout=120)
    if "ptrace: Operation not permitted" in done.stderr:
        raise Skip("gdb may not debug processes here")
    first, *stops = done.stdout.split(STOP)
    if len(stops) < 2:
        raise Failure(f"gdb does not stop: {process.shown(first + done.stderr)}")
    exited = re.search(r"\$\d+ = (\d+)\s*$", stops[-1])
    frames = [[(None, file, int(line)) for file, line in FRAME.findall(stop)] for stop in stops]
    return {"stops": [{"frames": each} for each in frames if each], "exit": int(exited[1]) if exited else None, "output": output.read_text()}
