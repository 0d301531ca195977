"""Runs the tests of tests/gojs; run.sh calls it with the engines in the environment. See README.md."""

import argparse
import concurrent.futures
import os
import subprocess
import sys
import threading
import time

from suite import ENGINES, Failure, Skip, binaries, exports, hostile, programs, worlds

PARTS = [binaries, worlds, programs, exports, hostile]


class Results:
    """Counts and prints; tests report from several threads."""

    def __init__(self):
        self.lock = threading.Lock()
        self.counts = {"PASS": 0, "FAIL": 0, "SKIP": 0}

    def test(self, name, function):
        """Runs a test; whether it passed."""
        verdict, why, start = "PASS", "", time.monotonic()
        try:
            function()
        except Skip as skip:
            verdict, why = "SKIP", f": {skip}"
        except (Failure, subprocess.TimeoutExpired) as failure:
            verdict, why = "FAIL", f": {failure}"
        except Exception as error:  # pylint: disable=broad-except
            verdict, why = "FAIL", f": {type(error).__name__}: {error}"
        with self.lock:
            self.counts[verdict] += 1
            seconds = f" ({time.monotonic() - start:.1f} s)" if verdict == "PASS" else ""
            print(f"{verdict} {name}{why}{seconds}".rstrip().replace("\n", "\n    "), flush=True)
        return verdict == "PASS"

    def summary(self):
        return f"gojs: {self.counts['PASS']} passed, {self.counts['FAIL']} failed, {self.counts['SKIP']} skipped"


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("test", nargs="*", help="beginnings of names of tests, as programs/stdin; all without")
    parser.add_argument("--engine", action="append", choices=list(ENGINES))
    parser.add_argument("--update", action="store_true", help="record what the services of worlds do apart, on Node")
    options = parser.parse_args()
    if options.update:
        worlds.update()
        return

    results = Results()
    groups = [group for part in PARTS for group in part.tests(results, options.engine or list(ENGINES))]
    chosen = [group for group in groups if not options.test or any(group[0].startswith(beginning) for beginning in options.test)]
    if not chosen:
        sys.exit(f"run.py: no test begins with {' or '.join(options.test)}")
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for future in [pool.submit(function) for _, function in chosen]:
            future.result()
    print(results.summary())
    sys.exit(results.counts["FAIL"] > 0)


if __name__ == "__main__":
    main()
