"""Runs work in several threads. Threads are enough, since the work that takes time runs in other processes."""

import concurrent.futures
import os

THREADS = os.cpu_count() or 1


def run_all(functions):
    """Calls functions, as many at a time as there are processors, in their order; raises what the first of them raised."""
    with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        for future in [pool.submit(function) for function in functions]:
            future.result()


def results(function, inputs, jobs=THREADS):
    """Yields what a function makes of each input, in their order."""
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(function, inputs)


def while_wanted(function, inputs, jobs, wanted):
    """Yields what a function makes of inputs, which may be endless, as it comes. A further one is begun while wanted(n) holds, where n
    is how many are under way."""
    inputs, waiting = iter(inputs), set()
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        while True:
            while len(waiting) < 2 * jobs and wanted(len(waiting)):
                following = next(inputs, None)
                if following is None:
                    break
                waiting.add(pool.submit(function, following))
            if not waiting:
                return
            finished, waiting = concurrent.futures.wait(waiting, return_when=concurrent.futures.FIRST_COMPLETED)
            for future in finished:
                yield future.result()


def chosen(groups, beginnings):
    """The pairs (name, ..) whose names begin with one of the words; all pairs if there are no words. If no pair is left, that is
    an error."""
    found = [group for group in groups if not beginnings or any(group[0].startswith(beginning) for beginning in beginnings)]
    if not found:
        raise SystemExit(f"run.py: no test begins with {' or '.join(beginnings)}")
    return found
