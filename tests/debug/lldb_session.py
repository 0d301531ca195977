"""LLDB on wasmtime's server for debuggers (lldb_client.py): the session, and what runs it."""

import json
import pathlib
import socket
import subprocess
import time

from harness import engines, process
from harness.report import Failure

import steps

CLIENT = pathlib.Path(__file__).with_name("lldb_client.py")
# Compiling for a debugger takes long where code is optimised. The compiled file has to fit to what -g asks for.
FAST = ["-O", "opt-level=0", "-O", "regalloc-algorithm=single-pass"]
COMPILE = ["-D", "guest-debug", "-W", "epoch-interruption=y"]
PATIENCE = 120  # seconds

# DWARF has inlined calls, so nobody is missing.
SESSION = steps.session(("with_rate", "total", "order"))


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(server, port):
    """Waits until the server says that it listens: it takes one connection, so that cannot be tried."""
    end = time.monotonic() + PATIENCE
    said = ""
    while f"listening on 127.0.0.1:{port}" not in said:
        line = server.stderr.readline()
        said += line
        if not line or time.monotonic() > end:
            raise Failure(f"wasmtime does not listen: {process.shown(said)}")


def run(module, wanted):
    """The result of the session, as inspector/client.mjs gives it."""
    python = pathlib.Path(engines.tool("PARIGOT_LLDB", "lldb")).with_name("python")
    wasmtime = engines.tool("PARIGOT_WASMTIME_CLI", "wasmtime")
    compiled = module.with_suffix(".cwasm")
    process.check([wasmtime, "compile", *COMPILE, *FAST, module, "-o", compiled])
    port = free_port()
    server = subprocess.Popen([wasmtime, "run", "--allow-precompiled", "-g", str(port), *FAST, str(compiled)],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        wait_for(server, port)
        said = process.check([python, "-B", CLIENT, json.dumps({"port": port, "steps": wanted})], timeout=PATIENCE)
        output = server.communicate(timeout=PATIENCE)[0]
    finally:
        server.kill()
        server.wait()
    return {**json.loads(said.splitlines()[-1]), "exit": server.returncode, "output": output}
