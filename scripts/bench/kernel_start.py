"""Ten processes started in one world, and apart, until main has had an answer from each of nine."""

import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

from build import OUT, deployment, go_process, plan, tool, wind
from measure import engine_command, engines, ratio, rounds

SERVICES = [f"s{n}" for n in range(1, 10)]
ANSWERS = f"{len(SERVICES)} answers\n"
WORLD, HOST, ALONE = "one world", "the reference host", "ten of the engine"


def measure(section, quick):
    section.title("Starting ten processes")
    echo, main = go_process("kernel-echo.wasm", "echo"), go_process("kernel-start.wasm", "start")
    services = {**{name: (echo, [name]) for name in SERVICES}, "main": (main, SERVICES)}
    world = wind(deployment("start", "main", services), "start.wasm", "-O2", "--isolate=none")
    lone = wind(deployment("start-lone", "main", {"main": (main, [])}), "start-lone.wasm", "-O2")
    cache = OUT / "start-cache"
    shutil.rmtree(cache, ignore_errors=True)
    environment = {**os.environ, "PARIGOT_BENCH_CACHE": str(cache), "PARIGOT_WAZERO_CACHE": str(cache)}
    host = [tool("PARIGOT_REFERENCE_HOST", "the reference host"), plan("start", "main", services)]

    rows = []
    for engine in engines(section):
        command = engine_command(engine)
        figures = [tempfile.NamedTemporaryFile() for _ in range(10)]  # noqa: SIM115 # they live until their processes ended
        words = [[*command[:2], of.name, *command[2:]] for of in figures]
        sides = {WORLD: lambda: together([[*words[0], world]], ANSWERS, environment),
                 ALONE: lambda: together([[*each, lone] for each in words], "0 answers\n", environment)}
        if engine == "wazero":
            sides[HOST] = lambda: together([host], ANSWERS, environment)
        rounds(1, sides)  # fills the caches
        times = rounds(3 if quick else 9, sides)
        others = [times.get(name) for name in (ALONE, HOST)]
        # Once more, for what the engine itself says of it.
        together([[*words[0], world]], ANSWERS, environment)
        took = json.loads(pathlib.Path(figures[0].name).read_text())
        rows.append([engine, seconds(times[WORLD]), (took["compile"], "{:.2f} s"), (took["instantiate"] + took["wall"], "{:.2f} s"),
                     *(seconds(of) for of in others),
                     *((ratio(times[WORLD], of), "{:.2f}") if of else "-" for of in others)])
    section.table("Seconds from the start of the engine's program to the end of the last; machine code in the engine's cache",
                  ["engine", WORLD, "of that, loading", "running", ALONE, HOST, "world to ten", "world to host"], rows)
    section.note(f"The processes are in Go, nine of them the same binary of {echo.stat().st_size / 1e6:.1f} MB; in the world each has code of "
                 f"its own, {world.stat().st_size / 1e6:.1f} MB with -O2. \"{ALONE.capitalize()}\" are ten programs of the operating system at "
                 "once, each with one process of this size that exits as soon as it runs: a lower bound, since who carries their messages is "
                 "left out. \"The reference host\" is tests/parigot/host, ten module instances of wazero. Node has no cache of machine code "
                 "here, and compiles functions when they are first called.")


def together(commands, expected, environment):
    """Wall seconds until the last of these programs has ended."""
    started = time.monotonic()
    running = [subprocess.Popen([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env=environment) for words in commands]
    outputs = [process.communicate() for process in running]
    wall = time.monotonic() - started
    for process, (stdout, stderr) in zip(running, outputs):
        if process.returncode != 0 or stdout != expected:
            raise RuntimeError(f"{process.args}: exit code {process.returncode}: {stdout}{stderr}"[-2000:])
    return wall


def seconds(times):
    return (statistics.median(times), "{:.2f} s") if times else "-"
