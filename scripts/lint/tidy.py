#!/usr/bin/env python3
"""clang-tidy, as .clang-tidy has it, over C++ files that the build compiles. scripts/lint.sh calls it.

    scripts/lint/tidy.py --all | FILE...

A header has no compile command of its own and is seen with the source of the same name. Of misc-include-cleaner only "included
but not used" counts: a file here may take a name from what its own header includes, which the check calls a missing include.
"""
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, 'build')
TOOL = 'clang-tidy-19'
FINDING = re.compile(r'^(?P<file>/[^:]+):\d+:\d+: (?:warning|error): (?P<what>.*)$')
# What ours does not see: GCC's precompiled header and its options are not clang's.
NOT_FOR_CLANG = re.compile(r' (?:-include \S*cmake_pch\.hxx|-fpch-preprocess|-Winvalid-pch|-Wno-maybe-uninitialized)(?= )')


def commands():
    """{source: its entry of the compile commands}, for sources of ours."""
    with open(os.path.join(BUILD, 'compile_commands.json'), encoding='utf-8') as file:
        entries = json.load(file)
    ours = {}
    for entry in entries:
        name = os.path.relpath(entry['file'], ROOT)
        if not name.startswith(('build/', '..')) and 'wasm-opt-upstream' not in entry['command']:
            ours[name] = {**entry, 'command': NOT_FOR_CLANG.sub('', entry['command'])}
    return ours


def sources_of(names, known):
    """The sources to look at for these files, and the files that nothing compiles."""
    found, lost = [], []
    for name in names:
        name = os.path.relpath(os.path.abspath(name), ROOT)
        source = re.sub(r'\.h$', '.cpp', name)
        if source in known:
            found.append(source)
        elif not name.endswith('.h'):
            lost.append(name)
    return sorted(set(found)), lost


def check(source, folder):
    """What clang-tidy finds in a source and our headers that it includes: {finding: the lines that show it}."""
    done = subprocess.run([TOOL, '-p', folder, '--quiet', os.path.join(ROOT, source)], cwd=ROOT, capture_output=True, text=True, check=False)
    findings, last = {}, None
    for line in done.stdout.split('\n'):
        head = FINDING.match(line)
        if head:
            last = None if 'no header providing' in head['what'] else findings.setdefault(line, [])
        elif last is not None:
            last.append(line)
    if done.returncode and not done.stdout.strip():
        findings[f'{source}: {TOOL} ended with {done.returncode}: {done.stderr.strip()}'] = []
    return findings


def main():
    if not shutil.which(TOOL):
        sys.exit(f'lint: missing tool: {TOOL}: apt-get install --no-install-recommends {TOOL} (Debian 12 has it)')
    known = commands()
    sources, lost = (sorted(known), []) if sys.argv[1:] == ['--all'] else sources_of(sys.argv[1:], known)
    for name in lost:
        print(f'lint: {name} is not a part of the build; clang-tidy does not see it', file=sys.stderr)
    folder = os.path.join(BUILD, 'lint')
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, 'compile_commands.json'), 'w', encoding='utf-8') as file:
        json.dump(list(known.values()), file)
    told = set()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for findings in pool.map(lambda source: check(source, folder), sources):
            for finding, lines in findings.items():
                if finding not in told:
                    told.add(finding)
                    print(os.path.relpath(finding, ROOT) if finding.startswith('/') else finding, *lines, sep='\n', flush=True)
    print(f'clang-tidy: {len(sources)} files, {len(told)} findings')
    return 1 if told else 0


if __name__ == '__main__':
    sys.exit(main())
