"""Worlds that are built with a cache: its bytes are those of a build without one, and they run as the whole program does."""

import os
import re
import subprocess

from harness import engines, paths, process, tools
from harness.engines import ENGINES
from harness.report import Failure

LEVEL = "-O1"  # takes less than half the time of -O2 for Go, and goes the same ways
CASE = "nested-go"


def tests(case_at):
    """name -> function that raises Failure. case_at(name, folder) is a case whose work folder is ours."""

    def prepared(folder):
        case = case_at(CASE, folder)
        case.prepare()
        return case

    def build(work, name, *options):
        """(bytes of the module, what is said)."""
        output = work / f"{name}.wasm"
        done = tools.parigot_opt("build", work / "world.toml", "-o", output, LEVEL, "-v", *options)
        if done.returncode != 0:
            raise Failure(f"{options}: exit code {done.returncode}: {done.stderr}")
        return output.read_bytes(), done.stderr

    def runs(case, name):
        for engine in ("node", "wazero"):
            done = process.run([*ENGINES[engine](), "one", case.work / f"{name}.wasm", "--arg0=main"], env=engines.environment())
            if done.returncode != 0 or done.stdout != (case.folder / "expected").read_text():
                raise Failure(f"{name} on {engine}: exit code {done.returncode}: {done.stdout}{done.stderr}")

    def expect(said, made, found):
        """The services that were optimised, and those that were taken."""
        for text, names in (("optimised alone: ", made), ("optimised alone by an earlier build: ", found)):
            actual = re.search(rf"{text}([^;]*)", said)
            if (actual.group(1) if actual else "") != names:
                raise Failure(f"expected {text}{names}: {said}")

    def same(one, other, what):
        if one != other:
            raise Failure(f"{what}: the modules differ")

    def a_cache_changes_no_byte():
        case = prepared("cached")
        cache = ("--cache", case.work / "cache")
        cold, said = build(case.work, "cold", *cache)
        expect(said, "main, second", "")
        runs(case, "cold")
        copied, said = build(case.work, "copied", *cache)
        if "nothing has changed" not in said:
            raise Failure(f"not a copy: {said}")
        same(cold, copied, "nothing is new")
        # A changed option of the world: services are taken. A damaged entry is made again.
        linked, said = build(case.work, "linked", *cache, "--memory=multi")
        expect(said, "", "main, second")
        for entry in sorted((case.work / "cache").iterdir()):
            os.truncate(entry, entry.stat().st_size - 1)
        again, said = build(case.work, "again", *cache, "--memory=multi")
        expect(said, "main, second", "")
        same(linked, again, "made again")
        # A changed service: its file has a section more, which is not code.
        with (case.work / "second.wasm").open("ab") as file:
            file.write(b"\0\4\3new")
        changed, said = build(case.work, "changed", *cache)
        expect(said, "second", "main")
        same(cold, changed, "a service with the same code")
        runs(case, "changed")

    def several_builds_share_a_cache():
        case = prepared("shared-cache")
        cache = case.work / "cache"
        words = [paths.PARIGOT_OPT, "build", case.work / "world.toml", "-q", LEVEL, "--cache", cache]
        running = [subprocess.Popen([str(word) for word in [*words, "-o", case.work / f"{name}.wasm"]]) for name in ("a", "b")]
        if any(each.wait(tools.TIMEOUT) != 0 for each in running):
            raise Failure("a build failed")
        same((case.work / "a.wasm").read_bytes(), (case.work / "b.wasm").read_bytes(), "at once")
        if left := [path.name for path in cache.iterdir() if path.suffix != ".parigot"]:
            raise Failure(f"left in the cache: {left}")
        copied, said = build(case.work, "copied", "--cache", cache)
        same(copied, (case.work / "a.wasm").read_bytes(), "afterwards")
        whole, said = build(case.work, "whole", "--no-cache", "--whole-program")
        if "--whole-program" not in said:
            raise Failure(f"not as a whole: {said}")
        if not len(whole) / 1.02 <= len(copied) <= len(whole) * 1.02:
            raise Failure(f"{len(copied)} bytes, and {len(whole)} optimised as a whole")
        runs(case, "whole")

    return {"cached": a_cache_changes_no_byte, "cached-by-two": several_builds_share_a_cache}
