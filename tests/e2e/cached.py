"""A world that is built with a cache: its bytes are those of a build without one, and it runs as the whole program does."""

import os
import re
import subprocess

from harness import paths, tools
from harness.report import Failure

CASE = "nested-go"  # two of its services are large enough to be optimised alone
MADE, TAKEN = "optimised alone: ", "optimised alone by an earlier build: "
LEVEL = "-O1"  # takes less than half the time of -O2 for Go
ENGINE = "node"  # what the winding one-O2 makes of such worlds runs on all


def tests(case_at):
    """name -> function that raises Failure. case_at(name, folder) is a case whose work folder is ours."""

    def words(work, name, *options):
        return ["build", work / "world.toml", "-o", work / f"{name}.wasm", LEVEL, "-v", "--cache", work / "cache", *options]

    def build(work, name, *options, expect=""):
        """The bytes of the module; all lines of `expect` are said."""
        done = tools.parigot_opt(*words(work, name, *options))
        if done.returncode != 0 or not re.search(expect, done.stderr):
            raise Failure(f"{name}: exit code {done.returncode}, expected {expect}: {done.stderr}")
        return (work / f"{name}.wasm").read_bytes()

    def same(one, other, what):
        if one != other:
            raise Failure(f"{what}: the modules differ")

    def check(case, name):
        case.check(case.run(ENGINE, ["one", case.work / f"{name}.wasm"], name), "")

    def two_at_once(work):
        """Two builds begin with an empty cache."""
        running = [subprocess.Popen([str(word) for word in [paths.PARIGOT_OPT, *words(work, name, "-q")]], stderr=subprocess.DEVNULL)
                   for name in ("one", "two")]
        if any([each.wait(tools.TIMEOUT) != 0 for each in running]):  # noqa: C419  both have to end
            raise Failure("a build failed")
        one, two = ((work / f"{name}.wasm").read_bytes() for name in ("one", "two"))
        same(one, two, "two at once")
        if left := [path.name for path in (work / "cache").iterdir() if path.suffix != ".parigot"]:
            raise Failure(f"left in the cache: {left}")
        return one

    def a_cache_changes_no_byte():
        case = case_at(CASE, "cached")
        case.prepare()
        work = case.work
        cold = two_at_once(work)
        check(case, "one")
        same(cold, build(work, "copied", "-q", expect="nothing has changed"), "nothing is new")
        # Another option of the world, and an entry of a service that is damaged.
        linked = build(work, "linked", "--strip-world", expect=f"{TAKEN}main, second;")
        entries = sorted((work / "cache").iterdir(), key=lambda path: path.stat().st_size)
        for damaged in (entries[0], entries[-1], entries[-2]):  # a service, and the outputs
            os.truncate(damaged, damaged.stat().st_size - 1)
        again = build(work, "again", "--strip-world", expect=f"{MADE}(main|second); {TAKEN}(main|second);")
        same(linked, again, "a damaged entry")
        # A service that is new: its file has a section more, which is not code.
        with (work / "second.wasm").open("ab") as file:
            file.write(b"\0\4\3new")
        same(cold, build(work, "changed", expect=f"{MADE}second; {TAKEN}main;"), "a service with the same code")

    def whole_programs_are_alike():
        case = case_at(CASE, "whole")
        case.prepare()
        alone = build(case.work, "alone", "--no-cache", expect=f"{MADE}main, second;")
        whole = build(case.work, "whole", "--no-cache", "--whole-program", expect="since --whole-program")
        if not len(whole) / 1.02 <= len(alone) <= len(whole) * 1.02:
            raise Failure(f"{len(alone)} bytes, and {len(whole)} optimised as a whole")
        check(case, "whole")

    return {"cached": a_cache_changes_no_byte, "whole-program": whole_programs_are_alike}
