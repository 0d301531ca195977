"""The paths of files and folders. The variable PARIGOT_BUILD names the build tree; without it, that is build/."""

import fcntl
import os
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
BUILD = pathlib.Path(os.environ.get("PARIGOT_BUILD", ROOT / "build")).absolute()
# What takes long to make and is the same in every clone.
USER_CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "parigot-opt"

PARIGOT_OPT = BUILD / "bin/parigot-opt"
WASM_OPT = BUILD / "bin/wasm-opt"
PLUGIN = BUILD / "lib/libparigot-passes.so"
RUNTIME_MODULES = BUILD / "lib/runtime"

# Tests make what they test, and leave nothing in the user's cache of builds.
os.environ.setdefault("PARIGOT_OPT_CACHE", "off")

LOCKS = []  # open as long as the process runs


def work(suite):
    """The folder that a suite may write to. It need not exist."""
    return BUILD / "tests" / suite


def fresh(folder):
    """Makes a folder that is empty, and returns it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def lock(suite):
    """Waits until no other run of the suite is under way, since it would delete the files of this run."""
    folder = work(suite)
    folder.mkdir(parents=True, exist_ok=True)
    file = open(folder / "lock", "w", encoding="utf-8")  # noqa: SIM115
    fcntl.flock(file, fcntl.LOCK_EX)
    LOCKS.append(file)


def binaryen():
    """The folder that Binaryen is installed in."""
    return pathlib.Path((BUILD / "binaryen-prefix").read_text(encoding="utf-8").strip())


def read(name):
    """The text of a file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def files(*patterns):
    """The files of the repository whose names match, also new ones that git does not ignore."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", *patterns], cwd=ROOT, check=True, capture_output=True, text=True)
    return [name for name in listed.stdout.split() if (ROOT / name).exists()]
