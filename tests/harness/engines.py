"""The engines, the hosts of tests/e2e that run worlds on them, and what scripts/engines.sh has installed."""

import contextlib
import functools
import os
import shlex
import shutil
import subprocess

from harness import paths
from harness.report import Skip

HOSTS = paths.TESTS / "e2e/hosts"
# The variable of scripts/engines.sh with the program of each engine: Node, a Python that has wasmtime, our host on wazero.
VARIABLES = {"node": "PARIGOT_NODE", "wasmtime": "PARIGOT_PYTHON", "wazero": "PARIGOT_WAZERO_HOST"}
# A Node that ends while V8 compiles JavaScript beside the program may wait for that for ever: 17 of 600 on a busy machine, 0 of
# 600 with this option (github.com/nodejs/node/issues/54918).
OPTIONS = {"node": ["--no-concurrent-sparkplug"]}
MULTI_MEMORY = {"node", "wasmtime"}  # engines that can have more than one memory
EXIT_TRAP = 134  # of our hosts

WAZERO_CACHE = paths.USER_CACHE / "wazero"  # machine code of what it compiled; wasmtime has such a cache of its own
WAZERO_CACHE_LIMIT = 2 << 30  # bytes; wazero itself never throws anything away


@functools.cache
def load():
    """Puts the variables of scripts/engines.sh into the environment. Variables that are set already stay as they are."""
    said = subprocess.run([paths.ROOT / "scripts/engines.sh", "--env"], stdout=subprocess.PIPE, text=True, check=False).stdout
    for line in said.splitlines():
        name, _, value = shlex.split(line)[0].partition("=")
        os.environ.setdefault(name, value)


def find(variable):
    """(the value of a variable or None, why there is none)."""
    load()
    return os.environ.get(variable) or None, os.environ.get(f"{variable}_MISSING", "scripts/engines.sh failed")


def tool(variable, what):
    """The value of a variable; raises Skip where the tool is missing."""
    value, why = find(variable)
    if not value:
        raise Skip(f"missing tool: {what} ({why})")
    return value


def program(engine):
    """The program that runs hosts on an engine."""
    return tool(VARIABLES[engine], engine)


def words(engine):
    """The words that start the program that runs hosts on an engine."""
    return [program(engine), *OPTIONS.get(engine, ())]


def node():
    return words("node")


# engine -> function that gives the words of its host's command; tests/e2e/README.md says what these hosts have in common.
ENGINES = {
    "node": lambda: [*node(), str(HOSTS / "node/host.mjs")],
    "wasmtime": lambda: [program("wasmtime"), str(HOSTS / "wasmtime/host.py")],
    "wazero": lambda: [program("wazero")],
}


def variables():
    """The variables that the hosts themselves need: the places of their caches."""
    return {"PARIGOT_WAZERO_CACHE": str(WAZERO_CACHE), **{key: os.environ[key] for key in ("HOME", "PATH") if key in os.environ}}


def environment():
    """The whole environment for a host."""
    return {**os.environ, **variables()}


def limit_cache():
    """Empties wazero's cache when it has grown too large. Other runs may write to it, or empty it, at the same time."""
    size = 0
    for path in WAZERO_CACHE.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            size += path.stat().st_size if path.is_file() else 0
    if size > WAZERO_CACHE_LIMIT:
        shutil.rmtree(WAZERO_CACHE, ignore_errors=True)


def add_option(parser, engines=tuple(ENGINES)):
    """--engine, which may be given more than once; without it all engines are meant."""
    parser.add_argument("--engine", action="append", choices=list(engines), help="only this engine")
