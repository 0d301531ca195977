"""What tests/gojs/run.py is made of."""

import gzip
import pathlib

from harness import paths
from harness.engines import tool

HERE = paths.TESTS / "gojs"
WORK = paths.work("gojs")


def binary(path):
    """A file of the programs that others compiled, unpacked."""
    file = pathlib.Path(tool("PARIGOT_GOJS_BINARIES", "binaries of Go and TinyGo")) / path
    if file.suffix != ".gz":
        return file
    unpacked = WORK / "unpacked" / path.removesuffix(".gz")
    unpacked.parent.mkdir(parents=True, exist_ok=True)
    unpacked.write_bytes(gzip.decompress(file.read_bytes()))
    return unpacked
