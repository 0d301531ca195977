"""The results of tests. Every suite reports them in one form, which scripts/test.sh reads:

    FAIL <test>: <why>
    SKIP <test>: <why>
    <suite>: N passed, M failed, K skipped

The last line is the summary. A suite may print other lines, for people.
"""

import collections
import sys
import threading
import time

SUMMARY = "{suite}: {passed} passed, {failed} failed, {skipped} skipped"


class Skip(Exception):
    """A test that cannot be run here; the message says why."""


class Failure(Exception):
    """A test that failed; the message says how."""


# How a test ended: kind is "pass", "fail" or "skip"; output is more about a failure than fits into a line.
Verdict = collections.namedtuple("Verdict", ["kind", "why", "output"], defaults=["", ""])
PASS = Verdict("pass")


def fail(why, output=""):
    return Verdict("fail", why, output)


def skip(why):
    return Verdict("skip", why)


def first_or_pass(problems, summary):
    """The verdict of a check that lists what is wrong. summary is a format for the number of lines, and the first one."""
    return fail(summary.format(count=len(problems), first=problems[0]), "\n".join(problems[:50])) if problems else PASS


def verdict_of(test):
    """The verdict of a test. The function runs the test, and raises an exception if it fails or cannot be run."""
    try:
        test()
    except Skip as reason:
        return skip(str(reason))
    except Failure as failure:
        return fail(str(failure))
    except Exception as error:  # pylint: disable=broad-except
        return fail(f"{type(error).__name__}: {error}")
    return PASS


class Results:
    """Counts and prints verdicts as they come, from several threads."""

    def __init__(self, suite):
        self.suite = suite
        self.lock = threading.Lock()
        self.counts = collections.Counter()

    def test(self, name, function):
        """Runs a test and prints how it ended, and how long a good end took; whether it passed."""
        start = time.monotonic()
        verdict = verdict_of(function)
        seconds = f" ({time.monotonic() - start:.1f} s)" if verdict.kind == "pass" else ""
        self.add(name, verdict, f"PASS {name}{seconds}")
        return verdict.kind == "pass"

    def add(self, name, verdict, passed=None):
        """Counts a verdict, and prints it: of a test that passed, the line that is given, if any."""
        kind, why, output = verdict
        with self.lock:
            self.counts[kind] += 1
            if kind == "fail" and output:
                print(output, file=sys.stderr)
            line = passed if kind == "pass" else f"{kind.upper()} {name}: {why}"
            if line is not None:
                print(line.rstrip().replace("\n", "\n    "), flush=True)

    def finish(self):
        """Prints the summary; the exit code of the suite."""
        with self.lock:
            print(SUMMARY.format(suite=self.suite, passed=self.counts["pass"], failed=self.counts["fail"], skipped=self.counts["skip"]))
        return 1 if self.counts["fail"] else 0


def report(suite, verdicts):
    """Prints the verdicts {test: Verdict} of a whole suite; its exit code."""
    results = Results(suite)
    for name, verdict in sorted(verdicts.items()):
        results.add(name, verdict)
    return results.finish()


def last_line(text):
    """The last line of an output that says something: mostly the reason why a program ended."""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "no reason given"
