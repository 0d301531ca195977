#!/usr/bin/env python3
"""parigot's processes, apart under a reference host and wound into one module on real engines. See README.md.

    tests/parigot/run.py                   all cases
    tests/parigot/run.py --all             in all windings on all engines
    tests/parigot/run.py chain cycle       only these
    tests/parigot/run.py --apart           only under the reference host
    tests/parigot/run.py --update          record what the processes print apart as what is expected
"""

import argparse
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness import engines, parallel, paths  # noqa: E402
from harness.report import Results  # noqa: E402
from suite import HERE  # noqa: E402
from suite.cases import Case, run_case  # noqa: E402
from suite.facts import NAME as FACTS, run_facts  # noqa: E402
from suite.generation1 import Generation1Case  # noqa: E402


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("case", nargs="*", help=f"names of cases, or {FACTS}; all without")
    parser.add_argument("--apart", action="store_true", help="only under the reference host, nothing is wound")
    parser.add_argument("--update", action="store_true", help="record what the processes print apart as what is expected")
    parser.add_argument("--all", action="store_true", help="run all windings on all engines that can")
    engines.add_option(parser)
    options = parser.parse_args()
    options.engine = options.engine or list(engines.ENGINES)

    kinds = {"cases": Case, "cases1": Generation1Case}
    cases = [kind(folder) for parent, kind in kinds.items() for folder in sorted((HERE / parent).iterdir()) if folder.is_dir()]
    known = {case.name: case for case in cases}
    if unknown := set(options.case) - {*known, FACTS}:
        sys.exit(f"run.py: no such case: {', '.join(sorted(unknown))}")
    wanted = [known[name] for name in options.case if name in known] if options.case else list(known.values())

    engines.load()
    paths.lock("parigot")
    engines.limit_cache()
    results = Results("parigot")
    # Long ones first, so that the end is not one of them alone.
    wanted.sort(key=lambda case: -case.settings.get("weight", 0))
    groups = [lambda c=case: run_case(c, results, options) for case in wanted]
    if not options.update and (FACTS in options.case or not options.case):
        groups.append(lambda: run_facts(results))
    parallel.run_all(groups)
    sys.exit(results.finish())


if __name__ == "__main__":
    main()
