"""Runs one process in a folder of its own, and says what it did: what runs are compared by."""

import dataclasses
import os
import subprocess
import threading
import time

from suite import Failure

TIMEOUT = 120  # seconds, of one run, which takes a few
PAUSE = 0.06  # seconds, before each piece of standard input: long enough for timers of the program to fire
EXIT_TRAP = 134  # of our hosts
SHOWN = 1500  # bytes of an output, in a message


@dataclasses.dataclass
class Outcome:
    """What a program did."""

    exit: int
    stdout: bytes
    stderr: bytes
    files: dict

    def check_same(self, expected, ignore=()):
        for what in ("exit", "stdout", "stderr", "files"):
            ours, theirs = getattr(self, what), getattr(expected, what)
            if what not in ignore and ours != theirs:
                more = f" - on standard error: {shown(self.stderr)}" if what != "stderr" and self.stderr else ""
                raise Failure(f"{what}: {shown(ours)}, expected {shown(theirs)}{more}")


def shown(value):
    """Of what is long, the part that says most: the end."""
    text = repr(value)
    return text if len(text) < SHOWN else "..." + text[-SHOWN:]


def run(words, folder, env=None, stdin=()):
    """Runs a command in a folder. It gets no variables but those given, and standard input in pieces."""
    process = subprocess.Popen([str(word) for word in words], cwd=folder, env={key: str(value) for key, value in (env or {}).items()},
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def feed():
        try:
            for piece in stdin:
                time.sleep(PAUSE)
                process.stdin.write(piece.encode())
                process.stdin.flush()
            process.stdin.close()
        except BrokenPipeError:
            pass  # it did not want to read that much

    outputs = {}
    threads = [threading.Thread(target=feed)]
    for name, stream in (("stdout", process.stdout), ("stderr", process.stderr)):
        threads.append(threading.Thread(target=lambda n=name, s=stream: outputs.update({n: s.read()})))
    for thread in threads:
        thread.start()
    try:
        code = process.wait(TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        code = None
    for thread in threads:
        thread.join()
    if code is None:
        raise Failure(f"did not end in {TIMEOUT} seconds; it said {shown(outputs['stdout'])} and {shown(outputs['stderr'])}")
    return Outcome(code, outputs["stdout"], outputs["stderr"], files_in(folder))


def files_in(folder):
    """Every file, folder and link below a folder, by what is in it."""
    def contents(path):
        return f"-> {os.readlink(path)}" if path.is_symlink() else "folder" if path.is_dir() else path.read_bytes()

    return {str(path.relative_to(folder)): contents(path) for path in sorted(folder.rglob("*"))}
