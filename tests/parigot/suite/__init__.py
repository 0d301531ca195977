"""What tests/parigot/run.py is made of."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
HERE = ROOT / "tests/parigot"
WORK = ROOT / "build/tests/parigot"
CACHE = WORK / "cache"
DRIVER = ROOT / "build/bin/parigot-opt"

sys.path[1:1] = [str(ROOT / "tests/e2e")]

from runner import Skip  # noqa: E402

__all__ = ["CACHE", "DRIVER", "HERE", "ROOT", "WORK", "Failure", "Skip"]


class Failure(Exception):
    """A test that failed; the message says how."""
