#!/usr/bin/env python3
"""Go programs made for JavaScript, stripped of it, on real engines. See README.md.

    tests/gojs/run.py                          everything
    tests/gojs/run.py programs/stdin worlds    only tests whose names begin so
"""

import argparse
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness import engines, parallel, paths  # noqa: E402
from harness.report import Results  # noqa: E402
from suite import binaries, exports, hostile, libraries, programs, worlds  # noqa: E402

PARTS = [worlds, libraries, programs, exports, hostile]


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("test", nargs="*", help="beginnings of names of tests, as programs/stdin; all without")
    engines.add_option(parser)
    parser.add_argument("--all", action="store_true", help="run published binaries also on engines that take a minute for one")
    parser.add_argument("--update", action="store_true", help="record what the services of worlds do apart, on Node")
    options = parser.parse_args()
    engines.load()
    paths.lock("gojs")
    if options.update:
        worlds.update()
        return

    results = Results("gojs")
    chosen = options.engine or list(engines.ENGINES)
    groups = list(binaries.tests(results, chosen, options.all))
    groups += [group for part in PARTS for group in part.tests(results, chosen)]
    parallel.run_all([function for _, function in parallel.chosen(groups, options.test)])
    sys.exit(results.finish())


if __name__ == "__main__":
    main()
