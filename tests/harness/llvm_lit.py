"""Runs LLVM's lit on a folder, and returns the result of each test."""

import glob
import json
import os
import re
import subprocess
import sys
import tempfile

from harness.report import report, skip


def newest(pattern):
    """The file of the newest LLVM that matches, or None."""
    def version(path):
        return [int(number) for number in re.findall(r"\d+", path)]
    return max(glob.glob(pattern), key=version, default=None)


def tools():
    """lit and FileCheck, as Debian's llvm-N-tools brings them; None for what is missing."""
    return newest("/usr/lib/llvm-*/build/utils/lit/lit.py"), newest("/usr/lib/llvm-*/bin/FileCheck")


def run(lit, folder, only=None):
    """Runs the tests below a folder that has a lit configuration: {name: (code, output)}, codes as lit has them."""
    with tempfile.NamedTemporaryFile(suffix=".json") as results:
        command = [sys.executable, lit, "-q", "--no-progress-bar", "--output", results.name, folder]
        if only:
            names = "|".join(re.escape(name) for name in sorted(only))
            command += ["--filter", f":: ({names})$"]
        # The tests run scripts of the suite, and Python would leave its bytecode next to them.
        environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
        process = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        text = results.read()
        if not text:
            sys.exit(f"lit failed:\n{process.stdout}")
        tests = json.loads(text)["tests"]
    return {test["name"].split(" :: ", 1)[1]: (test["code"], test["output"]) for test in tests}


def missing_tool(suite, package="llvm-14-tools"):
    """The message with which a suite reports that lit or FileCheck is not installed."""
    return report(suite, {suite: skip(f"missing tool: lit and FileCheck (Debian: {package})")})
