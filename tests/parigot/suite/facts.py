"""The tests of tests/parigot/facts, in Go: what the guests have of the wire, compared with the listing of parigot's facts."""

import collections
import json
import os

from harness import process
from harness.engines import tool
from harness.report import Failure, verdict_of

from suite import HERE

NAME = "facts"


def run_facts(results):
    """Runs them, and reports each."""
    ran = []
    verdict = verdict_of(lambda: ran.append(go_test()))
    if not ran:
        results.add(NAME, verdict)
        return
    verdicts, output, rest = ran[0]
    for test, verdict in verdicts.items():
        # One that is made of others stands for them, and is reported where it fails by itself.
        made_of_others = any(other.startswith(test + "/") for other in verdicts)
        if made_of_others and (verdict == "pass" or not output[test]):
            continue

        def check(verdict=verdict, why=output[test]):
            if verdict != "pass":
                raise Failure(" ".join(why) or rest)
        results.test(f"{NAME}/{test.removeprefix('Test')}", check)


def go_test():
    """Verdicts by test, what each said, and what was said besides."""
    environment = {**os.environ, "GOWORK": "off", "GOFLAGS": "-mod=readonly", "GOTOOLCHAIN": "local"}
    words = [tool("PARIGOT_GO", "Go"), "test", "-count=1", "-json", "./facts"]
    done = process.run(words, cwd=HERE, env=environment)
    verdicts, output, rest = {}, collections.defaultdict(list), done.stderr
    for line in done.stdout.splitlines():
        event = json.loads(line)
        test = event.get("Test")
        if event["Action"] in ("pass", "fail", "skip") and test:
            verdicts[test] = event["Action"]
        elif "output" in event["Action"]:
            text = event["Output"].strip()
            if test and not text.startswith(("===", "---")):
                output[test].append(text)
            elif not test:
                rest += event["Output"]
    if not verdicts or (done.returncode != 0 and "fail" not in verdicts.values()):
        raise Failure(f"go test ended with {done.returncode}: {rest}")
    return verdicts, output, rest
