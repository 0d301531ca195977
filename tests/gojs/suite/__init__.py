"""What tests/gojs/run.py is made of."""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
HERE = ROOT / "tests/gojs"
WORK = ROOT / "build/tests/gojs"
DRIVER = ROOT / "build/bin/parigot-opt"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "parigot-opt/gojs"

sys.path[1:1] = [str(ROOT / "tests"), str(ROOT / "tests/e2e")]

from runner import Skip  # noqa: E402
from runner.engines import ENGINES, MULTI_MEMORY  # noqa: E402
from runner.results import Results  # noqa: E402
from runner.services import tool  # noqa: E402

__all__ = ["CACHE", "DRIVER", "ENGINES", "HERE", "MULTI_MEMORY", "ROOT", "WORK", "Failure", "Skip", "binary", "driver", "tool"]

TIMEOUT = 240  # seconds, of a run of parigot-opt; far above what any takes


class Failure(Exception):
    """A test that failed; the message says how."""


def driver(*words):
    """Runs parigot-opt, and returns what became of it."""
    if not DRIVER.exists():
        raise Skip("build/bin/parigot-opt is not built")
    return subprocess.run([DRIVER, *map(str, words)], capture_output=True, text=True, check=False, timeout=TIMEOUT)


def strip(wasm, output, *options):
    """Writes the stripped module, and returns where."""
    done = driver("strip", wasm, "-q", "-o", output, *options)
    if done.returncode != 0:
        raise Failure(f"parigot-opt strip exited with {done.returncode}: {done.stderr}")
    if done.stderr:
        raise Failure(f"parigot-opt strip says: {done.stderr}")
    return output


def binary(path):
    """A file of the programs that others compiled."""
    return pathlib.Path(tool("PARIGOT_GOJS_BINARIES", "binaries of Go and TinyGo")) / path
