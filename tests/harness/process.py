"""Runs commands with a time limit, and compares their outcomes."""

import dataclasses
import os
import pathlib
import subprocess
import threading
import time

from harness.report import Failure

TIMEOUT = 300  # seconds; far above what any command takes on a busy machine
PAUSE = 0.06  # seconds, before each piece of standard input: long enough for timers of the program to fire
SHOWN = 1500  # characters of an output, in a message


def run(words, timeout=TIMEOUT, **options):
    """Runs a command, and captures its output, as text by default. Options are those of subprocess.run."""
    words = [str(word) for word in words]
    try:
        return subprocess.run(words, **{"capture_output": True, "text": True, "check": False, "timeout": timeout, **options})
    except subprocess.TimeoutExpired as expired:
        said = {"output": expired.stdout, "standard error": expired.stderr}
        raise Failure(f"{name_of(words)} did not end within {timeout} seconds; "
                      + "; ".join(f"{what}: {shown(text)}" for what, text in said.items())) from None


def check(words, timeout=TIMEOUT, **options):
    """Runs a command that has to succeed; its standard output."""
    done = run(words, timeout, **options)
    if done.returncode != 0:
        raise Failure(f"{name_of(words)} exited with {done.returncode}: {shown_text(done.stderr or done.stdout)}")
    return done.stdout


def name_of(words):
    return pathlib.Path(str(words[0])).name


def shown(value):
    """The part of a value that a message shows. A long value is shown by its end, which says most."""
    return shown_text(repr(value))


def shown_text(text):
    return text if len(text) < SHOWN else "..." + text[-SHOWN:]


@dataclasses.dataclass
class Outcome:
    """What a program did. Output and the contents of files are all bytes, or all text."""

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


def run_in(folder, words, env=None, stdin=(), timeout=120):
    """Runs a command in a folder; its Outcome, with what is in the folder afterwards. The command gets no variables but those
    given, and standard input in pieces, with a pause before each."""
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
        code = process.wait(timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        code = None
    for thread in threads:
        thread.join()
    if code is None:
        raise Failure(f"did not end in {timeout} seconds; it said {shown(outputs['stdout'])} and {shown(outputs['stderr'])}")
    return Outcome(code, outputs["stdout"], outputs["stderr"], files_in(folder))


def files_in(folder):
    """Every file, folder and link below a folder, by what is in it."""
    def contents(path):
        return f"-> {os.readlink(path)}" if path.is_symlink() else "folder" if path.is_dir() else path.read_bytes()

    return {str(path.relative_to(folder)): contents(path) for path in sorted(pathlib.Path(folder).rglob("*"))}
