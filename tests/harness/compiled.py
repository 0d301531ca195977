"""The cache of compiled guests. All suites, and all clones of a user, share it."""

import hashlib
import pathlib
import tempfile

from harness import paths

CACHE = paths.USER_CACHE / "guests"


def cached(parts, compile_into):
    """The file that was made from the same parts before, or is made now by compile_into(work folder, output).

    The parts have to say everything that the module depends on: the compiler's version, its flags, the sources."""
    key = hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:24]
    result = CACHE / f"{key}.wasm"
    if not result.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        # Another process may compile the same parts now. Each compiles in a folder of its own, and the last file stays.
        with tempfile.TemporaryDirectory(dir=CACHE) as work:
            output = pathlib.Path(work, "out.wasm")
            compile_into(pathlib.Path(work), output)
            output.rename(result)
    return result
