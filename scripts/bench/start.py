"""What a user waits for: from the start of an engine to the first output of a world, with and without the engine's cache of machine code."""

import os
import shutil
import statistics
import subprocess
import time

from build import OUT, ROOT, deployment, go_process, run, tool, wind
from measure import code_bytes, engine_command, engines, rounds

# How the worlds are wound.
LEVELS = {"no -O": [], "-O1": ["-O1"], "-O2": ["-O2"], "-O3": ["-O3"], "-Os": ["-Os"], "-Oz": ["-Oz"]}


def measure(section, quick):
    section.title("From the start of an engine to a world's first output")
    tool("PARIGOT_GO", "Go")
    greeting = ROOT / run([ROOT / "examples/greeting/build.sh"]).strip() / "world.toml"
    pair = {"echo": (go_process("kernel-echo.wasm", "echo"), ["echo"]), "main": (go_process("kernel-client.wasm", "client"), [1])}
    worlds = {"two services of Go, one of C": greeting, "two processes of parigot, in Go": deployment("first", "main", pair)}
    levels = {level: LEVELS[level] for level in (("no -O", "-O2") if quick else LEVELS)}
    for number, (name, world) in enumerate(worlds.items()):
        measure_world(section, name, {level: wind(world, f"first-{number}-{level}.wasm".replace(" ", ""), *flags)
                                      for level, flags in levels.items()}, 1 if quick else 3)


def measure_world(section, name, modules, count):
    rows = [[level, (path.stat().st_size / 1e6, "{:.2f}"), (code_bytes(path) / 1e6, "{:.2f}")] for level, path in modules.items()]
    columns = ["", "MB", "of that, code"]
    cache = OUT / "first-cache"
    for engine in engines(section):
        cached = {**os.environ, "PARIGOT_BENCH_CACHE": str(cache), "XDG_CACHE_HOME": str(cache)}
        shutil.rmtree(cache, ignore_errors=True)
        kinds = {"cold": None} if engine == "node" else {"cold": None, "cached": cached}
        for kind, environment in kinds.items():
            sides = {level: lambda path=path: first_output(engine, path, environment) for level, path in modules.items()}  # noqa: B023
            if kind == "cached":
                rounds(1, sides)
            times = rounds(count, sides)
            columns.append(f"{engine}, {kind}")
            for row, of in zip(rows, times.values()):
                row.append((statistics.median(of), "{:.2f} s"))
    section.table(f"{name}: seconds to the first byte of output", columns, rows)


def first_output(engine, wasm, environment):
    command = engine_command(engine)
    words = [*command[:2], "/dev/null", *command[2:], wasm]
    started = time.monotonic()
    with subprocess.Popen([str(word) for word in words], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, env=environment) as process:
        byte = process.stdout.read(1)
        seconds = time.monotonic() - started
        process.stdout.read()
    if not byte or process.returncode != 0:
        raise RuntimeError(f"{words} printed nothing, or ended with {process.returncode}")
    return seconds
