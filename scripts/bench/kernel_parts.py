"""What the parts of a call between two processes of parigot take, by sampling on Node (--cpu-prof)."""

import collections
import json
import pathlib
import statistics
import tempfile

from build import HERE, Missing, tool
from measure import run_host

# A sample counts for the first part that its function belongs to. Small functions are inlined into their callers by -O2: an
# adapter, which carries bytes between a process and the kernel, counts for the process that calls it.
PARTS = {"kernel": lambda name: name.startswith("parigot.kernel/"),
         "waiting and resuming": lambda name: "/parigot." in name,
         "Go's scheduler": lambda name: is_of(name, SCHEDULER),
         "Go's heap": lambda name: is_of(name, HEAP),
         "guests": lambda _: True}
SCHEDULER = ("schedule", "findRunnable", "execute", "gopark", "park_m", "goready", "ready", "mcall", "gosched", "goschedImpl", "gogo",
             "runqget", "runqput", "casgstatus", "selectgo", "wakep", "checkTimers", "resetspinning", "pidleget", "stealWork", "nanotime",
             "nanotime1", "(*timers)", "lock2", "unlock2", "beforeIdle", "dropg", "mPark", "netpoll")
HEAP = ("mallocgc", "newobject", "makeslice", "growslice", "gc", "scan", "grey", "sweep", "memclr", "nextFree", "(*mspan)", "(*mcache)",
        "(*mheap)", "(*gcWork)", "(*sweep", "wbBuf", "heapBits", "typedmemmove", "bulkBarrier", "markroot", "bgsweep")


def is_of(name, words):
    function = name.partition("/")[2]
    return function.startswith("runtime.") and function.removeprefix("runtime.").startswith(words)


def measure(section, worlds, quick):
    """worlds: name -> (module that makes that many calls, calls)."""
    try:
        node = tool("PARIGOT_NODE", "Node")
    except Missing as reason:
        section.note(f"The parts of a call are not measured: {reason}.")
        return
    rows = []
    for name, (module, calls) in worlds.items():
        runs = [profile(node, module) for _ in range(1 if quick else 3)]
        parts = {part: statistics.median(run[part] for run in runs) for part in (*PARTS, "host")}
        rows.append([name, (calls, "{:,}"), *((of * 100, "{:.0f} %") for of in parts.values())])
    section.table("Parts of a call on Node, by sampling", ["pair", "calls", *PARTS, "host and engine"], rows)


def profile(node, module):
    """The part of the samples that each part has; what is before and after the run does not count."""
    with tempfile.TemporaryDirectory() as folder:
        run_host([node, HERE / "hosts/profiled.mjs"], module, pathlib.Path(folder) / "profile.json")
        profiled = json.loads((pathlib.Path(folder) / "profile.json").read_text())
    frames = {node["id"]: node["callFrame"] for node in profiled["nodes"]}
    times = collections.Counter()
    for sample, delta in zip(profiled["samples"], profiled["timeDeltas"]):
        frame = frames[sample]
        if frame["functionName"] == "(idle)":
            continue
        is_wasm = frame["url"].startswith("wasm://")
        times[next(part for part, fits in PARTS.items() if fits(frame["functionName"])) if is_wasm else "host"] += delta
    return {part: times[part] / times.total() for part in (*PARTS, "host")}
