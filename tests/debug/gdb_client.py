"""Debugs a world with gdb, which reads what wasmtime makes of the world's DWARF; runs in gdb's own Python:

    WORDS='{"arguments": "run -D debug-info -O opt-level=0 one.wasm", "output": FILE, "stops": FILE,
      "steps": [["break", "till.c:15"], ["continue"], ["into"]]}'
    gdb -batch -x gdb_client.py wasmtime

Writes {"stops": [{"frames": [[function, file, line]]}], "exit"} to the file of that name: a stop for each step that runs the program, with the
innermost frame first. What the program prints goes to the file `output`.

A step into a call stops in the adapter, which has no lines of ours (wasmtime gives it one in a file "<gen-0>.wasm"): gdb is told to stop there
(step-mode), and goes on by instructions until there is a line.
"""

import json
import os
import pathlib

import gdb

WORDS = json.loads(os.environ["WORDS"])
MOST = 2000  # instructions of an adapter
SETTINGS = ("pagination off", "confirm off", "breakpoint pending on", "print frame-arguments none", "step-mode on")


class Session:
    def __init__(self):
        for setting in SETTINGS:
            gdb.execute(f"set {setting}")
        # wasmtime takes some traps from signals.
        gdb.execute("handle SIGSEGV nostop noprint pass", to_string=True)
        self.breakpoints = {}
        self.started = False
        self.exit = None
        gdb.events.exited.connect(self.ended)

    def ended(self, event):
        self.exit = getattr(event, "exit_code", -1)

    @staticmethod
    def place(frame):
        found = frame.find_sal()
        name = found.symtab and pathlib.Path(found.symtab.filename).name
        return (name, found.line) if name and name.endswith((".c", ".rs", ".go", ".s")) else (None, 0)

    def into(self):
        gdb.execute("step", to_string=True)
        for _ in range(MOST):
            if self.exit is not None or self.place(gdb.newest_frame())[0]:
                break
            gdb.execute("stepi", to_string=True)

    def resume(self):
        if not self.started:
            gdb.execute(f"set args {WORDS['arguments']} > {WORDS['output']}")
        gdb.execute("continue" if self.started else "run", to_string=True)
        self.started = True

    def finish(self):
        """Runs the program to its end; its exit code. gdb 13 loses the code now and then if it is not stopped in the last system call."""
        for point in self.breakpoints.values():
            point.delete()
        gdb.execute("catch syscall exit_group", to_string=True)
        self.resume()
        register = "$x0" if "aarch64" in gdb.selected_frame().architecture().name() else "$rdi"
        code = int(gdb.parse_and_eval(register)) & 0xFF
        gdb.execute("kill", to_string=True)
        return code

    def step(self, verb, where=None):
        """Makes a step; whether it runs the program."""
        if verb == "break":
            self.breakpoints[where] = gdb.Breakpoint(where)
        elif verb == "clear":
            self.breakpoints.pop(where).delete()
        else:
            {"continue": self.resume, "into": self.into, "over": lambda: gdb.execute("next", to_string=True)}[verb]()
        return verb not in ("break", "clear") and self.exit is None

    def stop(self):
        frames = []
        frame = gdb.newest_frame()
        while frame is not None:
            frames.append([frame.name() or "", *self.place(frame)])
            frame = frame.older()
        return {"frames": frames}


def main():
    session = Session()
    stops = []
    for step in WORDS["steps"]:
        if session.step(*step):
            stops.append(session.stop())
        if session.exit is not None:
            break
    code = session.finish() if session.exit is None else session.exit
    pathlib.Path(WORDS["stops"]).write_text(json.dumps({"stops": stops, "exit": code}))


main()
