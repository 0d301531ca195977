"""gdb on wasmtime's machine code (gdb_client.py): the session, and what runs it."""

import json
import os
import pathlib
import shlex

from harness import engines, process
from harness.report import Failure

CLIENT = pathlib.Path(__file__).with_name("gdb_client.py")
PATIENCE = 120  # seconds

# As in stepping.py. wasmtime's machine code has no inlined calls.
ORDER = ("with_rate", "order")
SESSION = [
    ("break call", None, ()),
    ("continue", "call", ORDER),
    ("over", "over", ORDER),
    ("continue", "call", ORDER),
    ("into", "declared", ("rate_", *ORDER)),
    ("break many", None, ()),
    ("continue", "many", ("percent", "rate_", *ORDER)),
    ("clear call", None, ()),
    ("break rate", None, ()),
    ("continue", "rate", ("greatest",)),
    ("into", "import", ("direct", "greatest")),
    ("into", "declared", ("direct", "greatest")),
]


def run(module, steps):
    """The result of the session, as inspector/client.mjs gives it."""
    gdb = engines.tool("PARIGOT_GDB", "gdb")
    # The program in PATH is a script of Python that starts the real one.
    script = pathlib.Path(engines.tool("PARIGOT_WASMTIME_CLI", "wasmtime"))
    wasmtime = next(script.parents[1].glob("lib/python*/site-packages/wasmtime_cli/wasmtime"))
    output, stops = module.with_suffix(".gdb-output"), module.with_suffix(".gdb-stops")
    arguments = shlex.join(["run", "-D", "debug-info", "-O", "opt-level=0", str(module)])
    words = json.dumps({"steps": steps, "arguments": arguments, "output": shlex.quote(str(output)), "stops": str(stops)})
    command = [gdb, "-nx", "-q", "-batch", "-x", CLIENT, wasmtime]
    stops.unlink(missing_ok=True)
    said = process.run(command, timeout=PATIENCE, env={**os.environ, "WORDS": words})
    if not stops.exists():
        raise Failure(f"gdb ended with {said.returncode}: {process.shown(said.stdout + said.stderr)}")
    return {**json.loads(stops.read_text()), "output": output.read_text()}
