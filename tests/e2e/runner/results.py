"""What tests came to."""

import threading
import time

from runner import Skip


class Results:
    """Counts and prints; tests report from several threads. What is raised as one of `failures` speaks for itself, other
    exceptions are shown with their type."""

    def __init__(self, suite, *failures):
        self.suite = suite
        self.failures = failures
        self.lock = threading.Lock()
        self.counts = {"PASS": 0, "FAIL": 0, "SKIP": 0}

    def test(self, name, function):
        """Runs a test; whether it passed."""
        verdict, why, start = "PASS", "", time.monotonic()
        try:
            function()
        except Skip as skip:
            verdict, why = "SKIP", f": {skip}"
        except self.failures as failure:
            verdict, why = "FAIL", f": {failure}"
        except Exception as error:  # pylint: disable=broad-except
            verdict, why = "FAIL", f": {type(error).__name__}: {error}"
        with self.lock:
            self.counts[verdict] += 1
            seconds = f" ({time.monotonic() - start:.1f} s)" if verdict == "PASS" else ""
            print(f"{verdict} {name}{why}{seconds}".rstrip().replace("\n", "\n    "), flush=True)
        return verdict == "PASS"

    def summary(self):
        return f"{self.suite}: {self.counts['PASS']} passed, {self.counts['FAIL']} failed, {self.counts['SKIP']} skipped"
