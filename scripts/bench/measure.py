"""Runs programs and engines, and compares what they took."""

import dataclasses
import json
import os
import statistics
import subprocess
import tempfile
import time

from build import HERE, Missing, wazero_host
from harness.wasm_binary import CODE, sections


@dataclasses.dataclass
class Child:
    """A program that ran: wall and CPU seconds, the most memory that it held."""

    wall: float
    cpu: float
    peak_bytes: int


def child(words):
    started = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen([str(word) for word in words], stdout=output, stderr=output, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            output.seek(0)
            raise RuntimeError(f"{words[0]} ended with {process.returncode}: {output.read().decode()[-2000:]}")
    return Child(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


@dataclasses.dataclass
class Run:
    """A module that ran on an engine; see hosts/ for what the figures are."""

    output: str
    exit: int | None
    figures: dict


def engine_command(engine):
    """The host of an engine, which takes: a file for its figures, a module, the module's arguments."""
    if engine == "wazero":
        return [wazero_host(), "one"]
    variable, script = {"node": ("PARIGOT_NODE", "host.mjs"), "wasmtime": ("PARIGOT_PYTHON", "host.py")}[engine]
    if not os.environ.get(variable):
        raise Missing(f"no {engine} ({os.environ.get(variable + '_MISSING', 'not set')})")
    return [os.environ[variable], HERE / "hosts" / script]


def run_on(engine, module, *arguments, **options):
    return run_host(engine_command(engine), module, *arguments, **options)


def run_host(command, *words, check=True, seconds=None, stdout=subprocess.PIPE, env=None, cwd=None):
    """Runs a host; without `check` whatever becomes of it is a result, and after so many seconds it has no exit code."""
    with tempfile.NamedTemporaryFile() as figures:
        try:
            done = subprocess.run([str(word) for word in [*command[:2], figures.name, *command[2:], *words]], stdout=stdout,
                                  stderr=subprocess.PIPE, text=True, check=False, stdin=subprocess.DEVNULL, timeout=seconds, env=env, cwd=cwd)
        except subprocess.TimeoutExpired:
            return Run("", None, {"error": f"did not end within {seconds} s"})
        if check and done.returncode != 0:
            raise RuntimeError(f"{words}: exit code {done.returncode}: {done.stdout}{done.stderr}")
        text = figures.read()
    return Run(done.stdout or "", done.returncode, {**(json.loads(text) if text else {}), "error": done.stderr.strip()})


ENGINES = ["node", "wasmtime", "wazero"]


def engines(section):
    """Those that are there; the report says what is not."""
    for engine in ENGINES:
        try:
            engine_command(engine)
        except Missing as reason:
            section.note(f"Not measured: {reason}.")
        else:
            yield engine


def rounds(count, sides):
    """Runs each side (name -> function) once per round, forwards and backwards in turn: name -> what it returned."""
    results = {name: [] for name in sides}
    for i in range(count):
        for name in list(sides) if i % 2 == 0 else reversed(list(sides)):
            results[name].append(sides[name]())
    return results


def ratio(these, those):
    """The median of the ratios of the rounds: a disturbance that lasts longer than a round cancels out."""
    return statistics.median(a / b for a, b in zip(these, those))


def code_bytes(wasm):
    """The size of the code section."""
    return sum(end - begin for number, begin, end in sections(wasm.read_bytes()) if number == CODE)
