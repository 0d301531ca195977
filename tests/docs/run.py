#!/usr/bin/env python3
"""What the documentation shows is true: blocks are read, assembled and run, links lead somewhere. See README.md.

    tests/docs/run.py                 all
    tests/docs/run.py docs/parigot.md ...   only these pages
"""
import os
import pathlib
import re
import sys
import tempfile
import tomllib

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import page  # noqa: E402
import passes  # noqa: E402
import self_check  # noqa: E402
from harness import process  # noqa: E402
from harness.paths import ROOT, files, read  # noqa: E402
from harness.report import PASS, fail, last_line, report, skip  # noqa: E402
from sandbox import Sandbox  # noqa: E402

# Commands that are not run, by the script that they begin with, and why. That each is there, and knows the options and suites
# that it is given, is checked.
NOT_RUN = {
    './scripts/demo.sh': 'builds parigot-opt; its steps are commands of the same block',
    'scripts/setup.sh': 'installs packages and builds',
    './scripts/test.sh': 'runs this suite',
    'scripts/bench.sh': 'takes 15 minutes',
    'tests/fuzz/worlds/run.py': 'takes as long as it is told',
    'cmake': 'builds',
}
# Languages of blocks, besides those that are checked: pictures and pieces of code.
UNCHECKED = ('', 'text')
# Languages of blocks that are the source of a service, which a command after them compiles.
SOURCES = ('c', 'go', 'rust', 'zig', 'ts')
# How a command begins its last word when it fails.
ERROR = re.compile(r'^(parigot-opt|wasm-opt): error:', re.MULTILINE)


def verdict(done):
    code, output = done
    return PASS if code == 0 else fail(f'exit code {code}: {last_line(output)}', output)


def check_toml(block, room, sandbox):
    """A manifest or deployment file has to be one that parigot-opt reads; all other TOML only has to be TOML."""
    try:
        tables = tomllib.loads(block.text)
    except tomllib.TOMLDecodeError as error:
        return fail(f'is no TOML: {error}')
    name = block.file or f'block-{block.line}.toml'
    write(room, name, block.text)
    if not {'world', 'service', 'call', 'host', 'config', 'microservice'} & set(tables):
        return PASS
    code, output = sandbox.run(f'parigot-opt inspect {name}', room)
    # Services that later commands of the page make are not there yet.
    errors = [line for line in output.split('\n') if ERROR.match(line)]
    if code != 0 and errors and all(line.endswith('cannot be read: No such file or directory') for line in errors):
        return PASS
    return verdict((code, output))


def check_wat(block, room, sandbox):
    name = block.file or f'block-{block.line}.wat'
    write(room, name, block.text)
    return verdict(sandbox.run(f'wasm-as --all-features {name} -o {name}.assembled', room))


def check_source(block, room):
    if not block.file:
        return fail('is a source without a name: its first line has to be a comment with one')
    write(room, block.file, block.text)
    return PASS


def write(room, name, text):
    path = os.path.join(room, name)
    # A fixture is a copy, and everything else that is there a link to the repository.
    assert not os.path.islink(path), path
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def check_not_run(text, suites):
    """Of a command that is not run: that its script is there, and speaks of the options and suites."""
    program, *arguments = text.split('#')[0].split('&&')[0].split()
    if program == 'cmake':
        return PASS if re.search(r'"name": "release"', read('CMakePresets.json')) else fail('there is no preset release')
    if not os.access(os.path.join(ROOT, program), os.X_OK):
        return fail(f'{program} is no program of this repository')
    source = read(program)
    for argument in arguments:
        if argument.startswith('-') and argument not in source:
            return fail(f'{program} says nothing of {argument}')
        if program == './scripts/test.sh' and argument not in suites:
            return fail(f'there is no suite {argument}')
    return PASS


def check_command(command, room, sandbox, suites):
    program = command.text.split()[0]
    if program in NOT_RUN:
        return check_not_run(command.text, suites)
    for word, why in sandbox.missing.items():
        if re.search(rf'(^|[\s;&|]){word}\s', command.text):
            return skip(why)
    code, output = sandbox.run(command.text, room)
    shown = list(command.shown)
    while shown and not shown[-1].strip():
        shown.pop()
    # Where a page shows an error the command has to fail, and nowhere else.
    if bool(ERROR.search('\n'.join(shown))) != (code != 0):
        return fail(f'exit code {code}: {last_line(output)}', output)
    if shown and not page.matches(shown, output):
        return fail('its output is not the one that is shown', f'$ {command.text}\n{output}')
    return PASS


def check_links(name, text, read_page=read):
    """Targets of links that are not there, and anchors that the target does not have."""
    wrong = []
    for line, target in page.links(text):
        if re.match(r'[a-z]+:', target):
            continue
        path, _, anchor = target.partition('#')
        full = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name
        if path and not os.path.exists(os.path.join(ROOT, full)):
            wrong.append(f'{name}:{line}: {target}: there is no {full}')
        elif anchor and anchor not in page.anchors(text if full == name else read_page(full)):
            wrong.append(f'{name}:{line}: {target}: {full} has no heading of that name')
    return fail(f'{len(wrong)} links lead nowhere: {wrong[0]}', '\n'.join(wrong)) if wrong else PASS


def check_page(name, text, sandbox, suites):
    """{what: (kind, why, output)} of all blocks of a page, which see what those before them wrote, and of its links."""
    results, room = {f'{name} links': check_links(name, text)}, sandbox.room(name)
    for block in page.blocks(text):
        at = f'{name}:{block.line} {block.language}'
        if block.language == 'toml':
            results[at] = check_toml(block, room, sandbox)
        elif block.language == 'wat':
            results[at] = check_wat(block, room, sandbox)
        elif block.language == 'console':
            found = page.commands(block)
            if not block.lines or not block.lines[0].startswith('$ '):
                results[at] = fail('does not begin with a command; they begin with "$ "')
            for command in found:
                results[f'{name}:{command.line} $ {command.text}'[:100]] = check_command(command, room, sandbox, suites)
        elif block.language in SOURCES:
            results[at] = check_source(block, room)
        elif block.language not in UNCHECKED:
            results[at] = fail(f'is in a language that nobody checks: {block.language}')
    return results


def indented(text, begins):
    """Pieces of TOML in another text, indented or in a comment: from a line with a table until the next line that is prose."""
    found, inside = [], None
    for number, line in enumerate(text.split('\n'), 1):
        code = re.match(begins + r'( .*|)$', line)
        if inside is None and code and code.group(1).startswith(' ['):
            inside = page.Block('toml', number, [])
            found.append(inside)
        elif re.match(r' (=>|parigot-opt )', code.group(1)) if code else line.strip(' /'):
            inside = None
        if inside is not None:
            inside.lines.append(code.group(1)[1:] if code else '')
    return found


def check_help(sandbox, suites):
    """The examples that --help has: files, and commands."""
    results, room = {}, sandbox.room('help')
    sandbox.run('parigot-opt build world.toml -o one.wasm', room)
    sandbox.run('parigot-opt build world.toml --isolate -o isolated.wasm', room)
    for subcommand in ('', 'build ', 'strip ', 'inspect '):
        _, text = sandbox.run(f'parigot-opt {subcommand}--help', room)
        for block in indented(text, ' '):
            results[f'{subcommand}--help:{block.line} toml'] = check_toml(block, room, sandbox)
        for line in re.findall(r'^  (parigot-opt .*)$', text, re.MULTILINE):
            command = page.Command(re.sub(r'\bFILE$', 'prog.wasm', line), 0, [])
            results[f'{subcommand}--help $ {line}'] = check_command(command, room, sandbox, suites)
    return results


def check_headers(sandbox):
    """The manifests and deployment files that heads of headers show."""
    results = {}
    for name in ('src/world/manifest.h', 'src/world/deployment.h'):
        room = sandbox.room(name)
        found = indented(read(name), '//  ')
        if not found:
            results[f'{name} toml'] = fail('shows no file')
        for block in found:
            for file in re.findall(r'^(?:wasm|WasmPath) *= *"([^"]+)"', block.text, re.MULTILINE):
                sandbox.run(f'test -e {file} || cp service.wasm {file}', room)
            results[f'{name}:{block.line} toml'] = check_toml(block, room, sandbox)
    return results


def check_lists(suites):
    """Lists that the pages repeat: passes, suites."""
    made = PASS if passes.page() == read('docs/passes.md') else fail(
        'the heads of the passes have changed; tests/docs/passes.py --write makes the page')
    rows = re.findall(r'^\| `([a-z0-9-]+)` \|', read('docs/testing.md').split('\n## ')[0], re.MULTILINE)
    named = set(re.findall(r'^#   ([a-z0-9-]+)  +\S', read('scripts/test.sh'), re.MULTILINE))
    results = {'docs/passes.md is made from the passes': made}
    for where, has in (('docs/testing.md', set(rows)), ('the head of scripts/test.sh', named)):
        differ = sorted(has ^ set(suites))
        results[f'{where} has all suites'] = fail(f'differs from the list in scripts/test.sh: {", ".join(differ)}') if differ else PASS
    return results


def main():
    suites = ' '.join(re.findall(r'^(?:all|on_request)=\((.*?)\)', read('scripts/test.sh'), re.MULTILINE)).split()
    wanted, results = sys.argv[1:], {}
    example = process.run([ROOT / 'examples/greeting/build.sh'])
    if example.returncode != 0:
        results['examples/greeting'] = fail('does not compile', example.stderr)
    with tempfile.TemporaryDirectory() as folder:
        sandbox = Sandbox(folder)
        for name in wanted or files('*.md'):
            if '/' not in name or name.startswith('docs/'):
                results |= check_page(name, read(name), sandbox, suites)
            else:
                results[f'{name} links'] = check_links(name, read(name))
        if not wanted:
            results |= check_help(sandbox, suites) | check_headers(sandbox) | check_lists(suites)
            results |= self_check.run(lambda name, text: check_page(name, text, sandbox, suites))
    return report('docs', results)


if __name__ == '__main__':
    sys.exit(main())
