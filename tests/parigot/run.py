"""Runs the parigot cases; tests/parigot/run.sh calls it with the engines in the environment. See README.md."""

import argparse
import concurrent.futures
import os
import shutil
import sys

from suite import HERE, Failure
from suite.cases import WAZERO_CACHE, Case, run_case
from suite.facts import NAME as FACTS, run_facts
from suite.generation1 import Generation1Case
from runner.engines import ENGINES  # pylint: disable=wrong-import-order
from runner.results import Results  # pylint: disable=wrong-import-order

WAZERO_CACHE_LIMIT = 2 << 30  # bytes; wazero itself never throws anything away


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("case", nargs="*", help=f"names of cases, or {FACTS}; all without")
    parser.add_argument("--apart", action="store_true", help="only under the reference host, nothing is wound")
    parser.add_argument("--update", action="store_true", help="record what the processes print apart as what is expected")
    parser.add_argument("--engine", action="append", choices=list(ENGINES))
    options = parser.parse_args()
    options.engine = options.engine or list(ENGINES)

    kinds = {"cases": Case, "cases1": Generation1Case}
    cases = [kind(folder) for parent, kind in kinds.items() for folder in sorted((HERE / parent).iterdir()) if folder.is_dir()]
    known = {case.name: case for case in cases}
    if unknown := set(options.case) - {*known, FACTS}:
        sys.exit(f"run.py: no such case: {', '.join(sorted(unknown))}")
    wanted = [known[name] for name in options.case if name in known] if options.case else list(known.values())

    if sum(path.stat().st_size for path in WAZERO_CACHE.rglob("*") if path.is_file()) > WAZERO_CACHE_LIMIT:
        shutil.rmtree(WAZERO_CACHE)
    results = Results("parigot", Failure)
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        # Long ones first, so that the end is not one of them alone.
        wanted.sort(key=lambda case: -case.settings.get("weight", 0))
        for future in [pool.submit(run_case, case, results, options) for case in wanted]:
            future.result()
    if not options.update and (FACTS in options.case or not options.case):
        run_facts(results)
    print(results.summary())
    sys.exit(results.counts["FAIL"] > 0)


if __name__ == "__main__":
    main()
