"""What tests/gojs/run.py is made of."""

import pathlib

from harness import paths
from harness.engines import tool

HERE = paths.TESTS / "gojs"
WORK = paths.work("gojs")


def binary(path):
    """A file of the programs that others compiled."""
    return pathlib.Path(tool("PARIGOT_GOJS_BINARIES", "binaries of Go and TinyGo")) / path
