#!/usr/bin/env python3
"""Damaged input: whatever a file holds, our tools end with an error of a few lines, and never with a crash.

    tests/fuzz/run.py                        30 seconds
    tests/fuzz/run.py --seconds 600 --seed 7 longer, and other damage
    tests/fuzz/run.py --seed 7 --case 1234   one case again; what it ran on stays in build/tests/fuzz

A case takes good input (modules from modules.py, the examples if they are built, manifests), damages it (damage.py), and
runs a tool on it. It has failed when the tool

  - is killed by a signal, or takes longer than 20 seconds;
  - ends with an exit code other than 0, 1 and 2, or with an error and without a word;
  - says more than 60 lines, as a module dump does, or speaks of an internal error;
  - leaves an output behind after an error, or after success one that it cannot read itself.

The same seed and number make the same case on every machine that has the same examples. Cases that failed are kept in
build/tests/fuzz, and alike ones are reported once.
"""
import argparse
import itertools
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import damage  # noqa: E402
import modules  # noqa: E402
from harness import engines, parallel, paths, process, tools  # noqa: E402
from harness.paths import PARIGOT_OPT, PLUGIN, WASM_OPT  # noqa: E402
from harness.report import PASS, fail, report  # noqa: E402

KEPT = paths.work('fuzz')

MOST_SECONDS = 20
MOST_LINES = 60
MOST_BYTES = 8 << 30  # of address space; sanitizers need more than there is


class Corpus:
    """The good input that cases begin with, made once."""

    def __init__(self, folder):
        self.folder = folder
        self.texts = list(modules.SERVICES.values())
        self.binaries, self.shims, self.processes = [], [], []
        for binaries, texts in ((self.binaries, modules.SERVICES), (self.shims, modules.SHIMS),
                                (self.processes, modules.PROCESSES)):
            for name, text in texts.items():
                wat, wasm = os.path.join(folder, name + '.wat'), os.path.join(folder, name + '.wasm')
                write(wat, text.encode())
                tools.assemble(wat, wasm, '-all', '-g')
                binaries.append(read(wasm))
        for example in ('greeting-c', 'greeting'):
            path = paths.BUILD / 'examples' / example
            for name in sorted(os.listdir(path)) if os.path.isdir(path) else []:
                # Go's modules take a second each, and have little that smaller ones have not.
                if name.endswith('.wasm') and os.path.getsize(os.path.join(path, name)) < 200_000:
                    self.binaries.append(read(os.path.join(path, name)))
        # One world as each pass leaves it.
        self.stages = []
        for name, text in modules.STAGED_SERVICES.items():
            write(os.path.join(folder, name + '.wat'), text.encode())
        write(os.path.join(folder, 'world.toml'), modules.STAGED_MANIFEST.encode())
        write(os.path.join(folder, 'empty.wat'), b'(module)')
        passes = [['--merge-world=' + os.path.join(folder, 'world.toml')], ['--service-call-to-direct-call'],
                  ['--adapt-host-calls'], ['--place-memories'], ['--seal-world']]
        for last in range(len(passes)):
            out = os.path.join(folder, f'stage{last}.wasm')
            before = os.path.join(folder, 'empty.wat' if last == 0 else f'stage{last - 1}.wasm')
            tools.wasm_opt(before, out, '-all', *passes[last])
            following = passes[last + 1][0] if last + 1 < len(passes) else '--strip-world'
            self.stages.append((read(out), following))
        self.binaries += [stage for stage, _ in self.stages]
        self.debug = list(self.compile_debug())
        wat, wasm = os.path.join(folder, 'go-lines.wat'), os.path.join(folder, 'go-lines.wasm')
        write(wat, modules.GO_LINES.encode())
        tools.assemble(wat, wasm, '-all', '-g')
        self.go_lines = damage.assemble([*damage.sections(read(wasm)), (0, modules.GO_PRODUCERS)])
        real = paths.BUILD / 'examples/greeting/greet.wasm'
        self.go_program = read(real) if real.exists() else self.go_lines

    def compile_debug(self):
        """A C program with DWARF 4 and one with DWARF 5, where there is a compiler: a few hundred bytes of code each."""
        clang, _ = engines.find('PARIGOT_CLANG')
        source, output = (os.path.join(self.folder, name) for name in ('debug.c', 'debug.wasm'))
        write(source, modules.DEBUG_SOURCE.encode())
        for version in ('4', '5') if clang else ():
            process.check([clang, '--target=wasm32', '-nostdlib', '-O1', f'-gdwarf-{version}', '-Wl,--export=_start', '-o', output, source])
            yield read(output)


# Each kind of case writes its input to the folder and returns the command, and the output that it may write.

def inspect_binary(case, corpus, folder):
    write(f'{folder}/in.wasm', damage.module(case, corpus.binaries))
    return [PARIGOT_OPT, 'inspect', *(['--json'] if case.random() < 0.3 else []), f'{folder}/in.wasm'], None


def inspect_text(case, corpus, folder):
    write(f'{folder}/in.wat', damage.text(case, corpus.texts))
    return [PARIGOT_OPT, 'inspect', f'{folder}/in.wat'], None


def inspect_browser(case, corpus, folder):
    write(f'{folder}/in.wasm', damage.module(case, corpus.shims))
    return [PARIGOT_OPT, 'inspect', '--browser', *(['--json'] if case.random() < 0.3 else []), f'{folder}/in.wasm'], None


def build(case, folder, service, manifest=None):
    write(f'{folder}/service.wasm', service)
    if manifest is None:
        manifest = modules.MANIFEST + (modules.CALL if b'"good"' in service or b'\x04good' in service else '')
    write(f'{folder}/good.wat', modules.GOOD.encode())
    write(f'{folder}/world.toml', manifest.encode() if isinstance(manifest, str) else manifest)
    options = case.choice([[], [], [], ['-S'], ['-O1'], ['-O2'], ['-Oz', '--strip-debug'], ['--strip-world']])
    return [PARIGOT_OPT, 'build', f'{folder}/world.toml', '-o', f'{folder}/one.wasm', *options], f'{folder}/one.wasm'


def build_binary(case, corpus, folder):
    return build(case, folder, damage.module(case, corpus.binaries))


def build_text(case, corpus, folder):
    return build(case, folder, damage.text(case, corpus.texts))


def build_process(case, corpus, folder):
    write(f'{folder}/second.wasm', case.choice(corpus.processes))
    manifest = modules.PROCESS_MANIFEST % case.choice(['first', 'second'])
    if case.random() < 0.3:
        return build(case, folder, damage.text(case, list(modules.PROCESSES.values())), manifest)
    return build(case, folder, damage.module(case, corpus.processes), manifest)


def build_manifest(case, corpus, folder):
    manifest = damage.manifest(case, [modules.MANIFEST + modules.CALL, modules.FULL_MANIFEST, modules.DEPLOYMENT])
    return build(case, folder, corpus.texts[0].encode(), manifest)


def world_section(case, corpus, folder):
    # The module itself stays whole: of one that is not valid wasm-opt says as much as upstream's does.
    stage, following = case.choice(corpus.stages)
    write(f'{folder}/in.wasm', damage.world_section(case, stage))
    if case.random() < 0.4:
        return [PARIGOT_OPT, 'inspect', *(['--json'] if case.random() < 0.3 else []), f'{folder}/in.wasm'], None
    return [WASM_OPT, '--load-pass', PLUGIN, f'{folder}/in.wasm', '-all', following,
            '-o', f'{folder}/out.wasm'], f'{folder}/out.wasm'


def debug_info(case, corpus, folder):
    if not corpus.debug or case.random() < 0.2:
        # A real program takes a second.
        service = damage.go_table(case, corpus.go_program if case.random() < 0.03 else corpus.go_lines)
        write(f'{folder}/service.wasm', service)
        return build_debug(case, folder)
    service = case.choice(corpus.debug)
    if case.random() < 0.25:
        # Its lines come from a source map instead.
        kept = [(id, content) for id, content in damage.sections(service) if id or not content[1:].startswith(b'.debug_')]
        service = damage.assemble([*kept, (0, b'\x10sourceMappingURL\x08good.map')])
        write(f'{folder}/good.map', damage.source_map(case, modules.SOURCE_MAP))
    else:
        service = damage.debug_info(case, service)
    write(f'{folder}/service.wasm', service)
    if case.random() < 0.2:
        return [PARIGOT_OPT, 'addr2line', f'{folder}/service.wasm', '0x40', '0x60', '0x80'], None
    return build_debug(case, folder)


def build_debug(case, folder):
    write(f'{folder}/world.toml', modules.DEBUG_MANIFEST.encode())
    options = case.choice([[], ['--debug-service', 'service'], ['-O1'], ['-m', f'{folder}/one.map'], ['-S'],
                           ['--split-debug', f'{folder}/one.debug.wasm']])
    return [PARIGOT_OPT, 'build', f'{folder}/world.toml', '-g', '-o', f'{folder}/one.wasm', *options], f'{folder}/one.wasm'


KINDS = [(debug_info, 4), (inspect_binary, 3), (inspect_browser, 3), (build_binary, 4), (build_process, 3), (inspect_text, 1),
         (build_text, 3), (build_manifest, 2), (world_section, 3)]


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def write(path, data):
    with open(path, 'wb') as file:
        file.write(data)


def limits():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if 'ASAN_OPTIONS' not in os.environ:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))


def run(command):
    """What is wrong with how it ended, and what it said."""
    # One thread: a case is too small for more.
    child = subprocess.Popen(command, env=dict(os.environ, BINARYEN_CORES='1'), stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=limits)
    try:
        _, stderr = child.communicate(timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        return None, f'took longer than {MOST_SECONDS} seconds', ''
    stderr = stderr.decode(errors='replace')
    code = child.returncode
    if code < 0:
        return code, 'killed by ' + signal.Signals(-code).name, stderr
    if code > 2:
        return code, f'exit code {code}', stderr
    if stderr.count('\n') > MOST_LINES:
        return code, f'{stderr.count(chr(10))} lines of error', stderr
    if 'internal error' in stderr:
        return code, 'an internal error', stderr
    if code != 0 and not re.search(r'error|Fatal', stderr):
        return code, f'exit code {code} without an error', stderr
    return code, None, stderr


def run_case(seed, number, corpus, folder):
    """(what is wrong or None, what it said, the command)."""
    case = random.Random(f'{seed}/{number}')
    kind = case.choices([kind for kind, _ in KINDS], [weight for _, weight in KINDS])[0]
    command, output = kind(case, corpus, folder)
    code, wrong, said = run(command)
    if not wrong and kind is debug_info and output and code != 0:
        wrong = 'damaged debug information is an error'
    if not wrong and output and code != 0 and os.path.exists(output):
        wrong = 'an output in spite of an error'
    if not wrong and output and code == 0:
        if not os.path.exists(output):
            wrong = 'no output and no error'
        else:
            code, wrong, said = run([PARIGOT_OPT, 'inspect', output])
            if not wrong and code != 0:
                wrong = 'an output that is not valid'
    return wrong and f'{kind.__name__}: {wrong}', said, command


def alike(wrong, said):
    """A key that is the same for failures that have the same cause, most likely."""
    lines = [line for line in said.splitlines() if re.search(r'ssert|unreachable|rror|Fatal|#[0-6] ', line)]
    return wrong, re.sub(r"0x[0-9a-f]+|\d+|'[^']*'|/\S+/", '', '\n'.join(lines[:4]))[:300]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--seconds', type=float, default=30, help='how long to go on; default 30')
    parser.add_argument('--seed', type=int, default=1, help='which damage; default 1')
    parser.add_argument('--case', type=int, help='only this one, and keep its files')
    parser.add_argument('--jobs', type=int, default=min(os.cpu_count() or 1, 4), help='cases at a time')
    options = parser.parse_args()
    if not PARIGOT_OPT.exists():
        return report('fuzz', {'fuzz': fail(f'{PARIGOT_OPT} is not built')})
    print(f'seed {options.seed}', file=sys.stderr)
    paths.fresh(KEPT)

    results = {}
    passed = 0
    seen = set()
    end = time.monotonic() + options.seconds
    with tempfile.TemporaryDirectory(prefix='parigot-fuzz.') as temporary:
        corpus = Corpus(temporary)

        def one(number):
            if options.case is None and time.monotonic() > end:
                return number, None
            folder = os.path.join(temporary, f'case{number}')
            os.mkdir(folder)
            wrong, said, command = run_case(options.seed, number, corpus, folder)
            if wrong or options.case is not None:
                # Kept where the command can be run as it is printed.
                kept = os.path.join(KEPT, str(number))
                shutil.copytree(folder, kept, dirs_exist_ok=True)
                command = ' '.join(str(part).replace(folder, kept) for part in command)
                write(os.path.join(kept, 'said'), f'{command}\n{wrong}\n{said}'.encode())
            shutil.rmtree(folder)
            return number, (wrong, said, command)

        numbers = itertools.count() if options.case is None else [options.case]
        for number, result in parallel.while_wanted(one, numbers, options.jobs, lambda _: time.monotonic() <= end):
            if result is None:
                continue
            wrong, said, command = result
            if not wrong:
                passed += 1
            elif alike(wrong, said) not in seen:
                seen.add(alike(wrong, said))
                results[f'seed {options.seed} case {number}'] = fail(wrong, f'{command}\n{said[:4000]}')
            else:
                shutil.rmtree(os.path.join(KEPT, str(number)))
    results.update((f'case {number} of those that passed', PASS) for number in range(passed))
    return report('fuzz', results)


if __name__ == '__main__':
    sys.exit(main())
