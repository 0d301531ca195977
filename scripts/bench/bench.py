"""Runs the sections of scripts/bench.sh and writes their report. See there for what they are."""

import argparse
import datetime
import importlib
import json
import os
import pathlib
import platform
import sys

import report
from build import Missing, OUT

SECTIONS = ["wind", "cache", "debug", "compute", "layouts", "call", "host-call", "descriptors", "resident", "versus", "gojs", "kernel",
            "kernel-start", "start", "coroutines"]


def machine():
    model = next((line.split(":")[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    return {"cpus": len(os.sched_getaffinity(0)), "model": model, "load": os.getloadavg()[0],
            "date": datetime.date.today().isoformat()}


def main():
    parser = argparse.ArgumentParser(prog="bench.sh", allow_abbrev=False)
    parser.add_argument("section", nargs="*", help=f"of {', '.join(SECTIONS)}; all, if none is given")
    parser.add_argument("--quick", action="store_true", help="few repetitions, and nothing that takes long")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    options = parser.parse_args()
    for name in options.section:
        if name not in SECTIONS:
            parser.error(f"there is no section '{name}'; there are: {', '.join(SECTIONS)}")

    OUT.mkdir(parents=True, exist_ok=True)
    failed = False
    result = {"machine": machine(), "quick": options.quick, "sections": []}
    for name in SECTIONS:
        if options.section and name not in options.section:
            continue
        print(f"bench: {name} ...", file=sys.stderr)
        section = report.Section(name)
        try:
            importlib.import_module(name.replace("-", "_")).measure(section, options.quick)
        except Missing as reason:
            section.note(f"Skipped: {reason}.")
        except RuntimeError as error:
            section.note(f"FAILED: {str(error).strip()}")
            failed = True
        result["sections"].append(section.data)
        # Written after each section: what is measured is not lost if a later one fails.
        (OUT / "report.json").write_text(json.dumps(result, indent=2) + "\n")
        (OUT / "report.md").write_text(report.markdown(result))
    result["machine"]["load after"] = os.getloadavg()[0]
    (OUT / "report.json").write_text(json.dumps(result, indent=2) + "\n")
    (OUT / "report.md").write_text(report.markdown(result))
    print((OUT / ("report.json" if options.json else "report.md")).read_text(), end="")
    return 1 if failed else 0


sys.exit(main())
