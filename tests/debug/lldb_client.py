"""Debugs a world with LLDB, which wasmtime -g serves at a port; runs in the Python that has LLDB's module:

    python lldb_client.py '{"port": 1234, "steps": [["break", "till.c:15"], ["continue"], ["into"]]}'

Prints {"stops": [{"frames": [[function, file, line]], "shown": {}}]}: a stop for each step that runs the program, with the
innermost frame first. A frame without a source has the file null. The step ["show", paths] asks for variables at the stop
before it: {path: value as text, or what LLDB says against it}. A path is "name", "name->part", or "N: name" of frame N.

A step into a call stops in the adapter, which has no lines: LLDB is told to stop there (step-in-avoid-nodebug), and
goes on by instructions until there is a line.
"""

import json
import sys

import lldb

LONGEST = 2000  # instructions of an adapter
SETTINGS = ("plugin.process.gdb-remote.packet-timeout 120", "target.process.thread.step-in-avoid-nodebug false")


class Session:
    def __init__(self, port):
        debugger = lldb.SBDebugger.Create()
        debugger.SetAsync(False)
        for setting in SETTINGS:
            debugger.HandleCommand(f"settings set {setting}")
        self.target = debugger.CreateTarget("")
        error = lldb.SBError()
        self.process = self.target.ConnectRemote(debugger.GetListener(), f"connect://127.0.0.1:{port}", "wasm", error)
        if not error.Success():
            raise SystemExit(f"LLDB cannot connect: {error}")
        self.breakpoints = {}

    @property
    def thread(self):
        return self.process.GetThreadAtIndex(0)

    def has_line(self):
        return self.thread.GetFrameAtIndex(0).GetLineEntry().IsValid()

    def into(self):
        self.thread.StepInto()
        for _ in range(LONGEST):
            if self.has_line():
                break
            self.thread.StepInstruction(False)

    def step(self, verb, where=None):
        """Makes a step; whether it runs the program."""
        if verb == "break":
            file, line = where.split(":")
            made = self.breakpoints[where] = self.target.BreakpointCreateByLocation(file, int(line))
            if not made.GetNumLocations():
                raise SystemExit(f"no code at {where}")
        elif verb == "show":
            self.shown = {path: self.value(path) for path in where}
        elif verb == "clear":
            self.target.BreakpointDelete(self.breakpoints.pop(where).GetID())
        else:
            {"continue": self.process.Continue, "into": self.into, "over": self.thread.StepOver, "out": self.thread.StepOut}[verb]()
        return verb not in ("break", "clear", "show")

    def value(self, path):
        number, _, name = path.rpartition(": ")
        frame = self.thread.GetFrameAtIndex(int(number or 0))
        found = frame.GetValueForVariablePath(name)
        if not found.IsValid() or found.GetError().Fail():
            base, dot, rest = name.partition(".")
            found = self.target.FindFirstGlobalVariable(base)
            if dot:
                found = found.GetValueForExpressionPath("." + rest)
        if found.GetError().Fail():
            return f"error: {found.GetError()}"
        return found.GetValue() or found.GetSummary() or "no value"

    def stop(self):
        frames = []
        for frame in self.thread:
            entry = frame.GetLineEntry()
            frames.append([frame.GetFunctionName(), entry.GetFileSpec().GetFilename(), entry.GetLine()])
        return {"frames": frames, "shown": {}}


def main():
    words = json.loads(sys.argv[1])
    session = Session(words["port"])
    stops = []
    for step in words["steps"]:
        if session.step(*step):
            stops.append(session.stop())
        elif step[0] == "show":
            stops[-1]["shown"].update(session.shown)
    session.process.Continue()
    print(json.dumps({"stops": stops}))


main()
