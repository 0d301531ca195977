"""Runs the tests of tests/gojs; run.sh calls it with the engines in the environment. See README.md."""

import argparse
import concurrent.futures
import os
import subprocess
import sys

from suite import ENGINES, Failure, Results, binaries, exports, hostile, programs, worlds

PARTS = [binaries, worlds, programs, exports, hostile]


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("test", nargs="*", help="beginnings of names of tests, as programs/stdin; all without")
    parser.add_argument("--engine", action="append", choices=list(ENGINES))
    parser.add_argument("--update", action="store_true", help="record what the services of worlds do apart, on Node")
    options = parser.parse_args()
    if options.update:
        worlds.update()
        return

    results = Results("gojs", Failure, subprocess.TimeoutExpired)
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
