"""Our own tools, and Binaryen's assembler."""

import json

from harness import paths, process
from harness.report import Failure, Skip

TIMEOUT = 600  # seconds: -O2 takes most of a minute for a world with Go on a machine that has nothing else to do


def parigot_opt(*words, **options):
    """Runs parigot-opt, and returns the finished process."""
    if not paths.PARIGOT_OPT.exists():
        raise Skip(f"{paths.PARIGOT_OPT} is not built")
    return process.run([paths.PARIGOT_OPT, *words], **{"timeout": TIMEOUT, **options})


def checked(*words, **options):
    """Runs parigot-opt, which has to succeed, and returns its standard output."""
    done = parigot_opt(*words, **options)
    if done.returncode != 0:
        raise Failure(f"parigot-opt {words[0]} exited with {done.returncode}: {done.stderr}")
    return done.stdout


def build(manifest, output, *options, **more):
    """Winds a world, and returns where the module is."""
    checked("build", manifest, "-o", output, *options, **more)
    return output


def strip(wasm, output, *options):
    """Takes the shim out of a module, and returns the path of the result. parigot-opt must print nothing."""
    done = parigot_opt("strip", wasm, "-q", "-o", output, *options)
    if done.returncode != 0:
        raise Failure(f"parigot-opt strip exited with {done.returncode}: {done.stderr}")
    if done.stderr:
        raise Failure(f"parigot-opt strip says: {done.stderr}")
    return output


def inspect(wasm):
    """The JSON that parigot-opt inspect prints about a module, parsed."""
    return json.loads(checked("inspect", "--json", wasm))


def wasm_opt(source, output, *options):
    """Runs our wasm-opt with our plugin; where the result is."""
    process.check([paths.WASM_OPT, "--load-pass", paths.PLUGIN, source, *options, "-o", output], timeout=TIMEOUT)
    return output


def binaryen_tool(name):
    """A tool of Binaryen's own, as installed."""
    if not (paths.BUILD / "binaryen-prefix").exists():
        raise Skip("Binaryen is not built")
    return paths.binaryen() / "bin" / name


def assemble(text, output, *options):
    """The module of a file with text; where it is."""
    process.check([binaryen_tool("wasm-as"), text, "-o", output, *options])
    return output
