"""Tests of parigot-opt itself that need real services: what it writes depends on its inputs and on nothing else."""

import os
import shutil

from harness import paths, process, tools
from harness.report import Failure, Skip


def tests(case_at):
    """name -> function that raises Failure. case_at(name, folder) is a case whose work folder is ours."""

    def prepared(name, folder):
        case = case_at(name, folder)
        case.prepare()
        return case.work

    def build(manifest, output, *options, cores="", cwd=None):
        environment = {**os.environ, **({"BINARYEN_CORES": cores} if cores else {})}
        tools.build(manifest, output, *options, env=environment, cwd=cwd)

    def same_bytes_at_any_number_of_threads_and_from_any_folder():
        here, there = prepared("greeting", "here"), prepared("greeting", "some/where/else")
        for options in ([], ["-O2"]):
            # Also from another working directory, once with a path that is absolute, once with one that is not.
            build(here / "world.toml", here / "one.wasm", *options, cores="1")
            build("world.toml", "one.wasm", *options, cores="2", cwd=there)
            if (here / "one.wasm").read_bytes() != (there / "one.wasm").read_bytes():
                raise Failure(f"with options {options}, {there / 'one.wasm'} differs from {here / 'one.wasm'}")

    def depfile_lists_what_was_read():
        # A space in a path is what depfiles are written wrongly with.
        folder = prepared("greeting-c", "with space")
        depfile = folder / "one.d"
        build(folder / "world.toml", folder / "one.wasm", "--depfile", depfile)
        target, _, inputs = depfile.read_text().replace("\\\n", " ").partition(":")
        unescape = lambda text: [word.replace("\0", " ") for word in text.replace("\\ ", "\0").split()]  # noqa: E731
        if unescape(target) != [str(folder / "one.wasm")]:
            raise Failure(f"the target is {target!r}")
        expected = sorted(str(folder / name) for name in ("world.toml", "hello.wasm", "greet.wasm", "count.wasm"))
        if sorted(unescape(inputs)) != expected:
            raise Failure(f"the inputs are {inputs!r}, expected {expected}")

    def ninja_rebuilds_when_a_service_changed():
        ninja = shutil.which("ninja")
        if not ninja:
            raise Skip("missing tool: ninja")
        folder = prepared("greeting-c", "ninja")
        (folder / "build.ninja").write_text(
            f"rule wind\n  command = {paths.PARIGOT_OPT} build $in -o $out --depfile $out.d\n  depfile = $out.d\n  deps = gcc\n"
            "build one.wasm: wind world.toml\n")

        def work_left():
            return "no work to do" not in process.check([ninja], cwd=folder)

        if not work_left():
            raise Failure("ninja had nothing to do at first")
        if work_left():
            raise Failure("ninja had something to do again")
        os.utime(folder / "count.wasm")
        if not work_left():
            raise Failure("ninja had nothing to do after a service changed")

    named = (same_bytes_at_any_number_of_threads_and_from_any_folder, depfile_lists_what_was_read, ninja_rebuilds_when_a_service_changed)
    return {function.__name__.replace("_", "-"): function for function in named}
