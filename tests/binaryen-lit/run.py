#!/usr/bin/env python3
"""Binaryen's own lit suite, with our wasm-opt in the place of upstream's.

    tests/binaryen-lit/run.py              the suite; fails when a test fails that passes with upstream's wasm-opt
    tests/binaryen-lit/run.py NAME...      only these tests, named as in Binaryen's test/lit
    tests/binaryen-lit/run.py --record     runs it with upstream's wasm-opt, and records what fails in fails-upstream.txt

Our wasm-opt is upstream's source with another main in front, and must behave as upstream's where no plugin is loaded. Some
tests fail with upstream's own build, too: they need a newer Node, or the FileCheck that is written in Python. These are
recorded and skipped. A test that fails and is not recorded gets a second run with upstream's wasm-opt, since that
depends on the machine; it counts as failed only when it passes then.

The tools are upstream's, from the folder that Binaryen is installed in, through a folder of links where wasm-opt points to ours.
Nothing is written into the installation.
"""
import os
import pathlib
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness import llvm_lit, paths  # noqa: E402
from harness.report import PASS, fail, last_line, report, skip  # noqa: E402

RECORD = paths.TESTS / 'binaryen-lit/fails-upstream.txt'
UPSTREAM_TOO = "fails with upstream's wasm-opt too"
# More unrecorded failures than this are a broken wasm-opt, and no second run is needed to know.
SECOND_RUN_AT_MOST = 40

CONFIG = """
config.binaryen_src_root = {prefix!r}
config.binaryen_build_root = {work!r}
lit_config.load_config(config, {prefix!r} + '/test/lit/lit.cfg.py')
"""


def run_suite(lit, filecheck, prefix, wasm_opt, only=None):
    """Runs the suite with some wasm-opt: {name: (code, output)}."""
    # Upstream's configuration replaces the name of every tool in bin/ by its path, wherever it occurs in a command, in paths
    # that it has inserted before as well. So bin/ must lie at a path without such a name in it: not in our build folder.
    work = tempfile.mkdtemp(prefix='suite-')
    try:
        os.makedirs(os.path.join(work, 'bin'))
        os.makedirs(os.path.join(work, 'suite'))
        links = {tool: os.path.join(prefix, 'bin', tool) for tool in os.listdir(os.path.join(prefix, 'bin'))}
        links.pop('binaryen-lit', None)
        links.update({'wasm-opt': wasm_opt, 'filecheck': filecheck})
        for name, target in links.items():
            os.symlink(target, os.path.join(work, 'bin', name))
        with open(os.path.join(work, 'suite', 'lit.site.cfg.py'), 'w') as config:
            config.write(CONFIG.format(prefix=prefix, work=work))
        return llvm_lit.run(lit, os.path.join(work, 'suite'), only)
    finally:
        shutil.rmtree(work)


def failed(results):
    return {name for name, (code, _) in results.items() if code in ('FAIL', 'XPASS', 'UNRESOLVED', 'TIMEOUT')}


def record(results):
    with open(RECORD, 'w') as file:
        file.write("# The tests of Binaryen's lit suite that fail with upstream's own build; tests/binaryen-lit/run.py --record.\n")
        for name in sorted(failed(results)):
            file.write(name + '\n')
    print(f'recorded {len(failed(results))} of {len(results)} tests')


def recorded():
    with open(RECORD) as file:
        return {line.strip() for line in file if not line.startswith('#')}


def main():
    lit, filecheck = llvm_lit.tools()
    if not lit or not filecheck:
        return llvm_lit.missing_tool('binaryen-lit')
    prefix = str(paths.binaryen())
    upstreams = os.path.join(prefix, 'bin', 'wasm-opt')
    if sys.argv[1:] == ['--record']:
        record(run_suite(lit, filecheck, prefix, upstreams))
        return 0

    ours = run_suite(lit, filecheck, prefix, paths.WASM_OPT, sys.argv[1:])
    known = recorded()
    unknown = failed(ours) - known
    if 0 < len(unknown) <= SECOND_RUN_AT_MOST:
        unknown -= failed(run_suite(lit, filecheck, prefix, upstreams, unknown))

    results = {}
    for name, (code, output) in ours.items():
        if name in unknown:
            results[name] = fail("passes with upstream's wasm-opt", output)
        elif name in failed(ours):
            results[name] = skip(UPSTREAM_TOO)
        elif code == 'UNSUPPORTED':
            results[name] = skip(last_line(output))
        else:
            results[name] = PASS
            if name in known:
                print(f'NOTE {name}: passes, and is recorded as one that fails', file=sys.stderr)
    return report('binaryen-lit', results)


if __name__ == '__main__':
    sys.exit(main())
