#!/usr/bin/env python3
"""Regenerates lines of lit tests that show consecutive lines of a tool's output.

    tests/lit/update.py merge-world/tables.test    rewrites it, named as in tests/lit
    tests/lit/update.py                            all tests
    tests/lit/update.py --check ...                only says what would change; fails if something would

A piece is a line `CHECK:` (or of another prefix) with the lines `CHECK-NEXT:` right below it. The first is looked up in what the
test's own RUN line pipes into FileCheck, and the others become the lines of output that follow: up to the end of the form that
the first one opens, if the piece went as far, and else as many as there were. Lines that still match stay as they are, with
their patterns. So a test of a whole module begins as

    ;; RUN: wasm-opt --load-pass %plugin %s --some-pass -S -o - | FileCheck %s
    ;; CHECK: (module

and a first line `(module` gets the rest of the module. All other lines are for people to write, and what they no longer match
is reported.
"""
import argparse
import os
import pathlib
import re
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness import llvm_lit, paths  # noqa: E402

HERE = str(paths.TESTS / 'lit')
# Stands in for FileCheck: keeps what it is given, and is content.
STAND_IN = """#!/bin/sh
kept=$(mktemp {folder}/XXXXXXXX)
cat >"$kept.output"
printf '%s\\n' "$@" >"$kept.arguments"
"""


def squeeze(text):
    """What FileCheck compares: it takes any number of spaces and tabs for one."""
    return re.sub(r'[ \t]+', ' ', text)


def pattern(text):
    """A FileCheck pattern as one of Python; None if it has variables, which we do not follow."""
    if '[[' in text:
        return None
    parts = re.split(r'\{\{(.*?)\}\}', squeeze(text).strip())
    return re.compile(''.join(part if number % 2 else re.escape(part) for number, part in enumerate(parts)))


def depth(text):
    """How many forms a line leaves open, or closes if negative."""
    text = re.sub(r'"(?:[^"\\]|\\.)*"|;;.*', '', text)
    return text.count('(') - text.count(')')


def written(text):
    """A line of output as a pattern: the members of a module are not indented."""
    text = text.removeprefix(' ').rstrip()
    return re.sub(r'\{\{|\[\[', lambda match: '{{' + '\\' + match[0][0] + '\\' + match[0][1] + '}}', text)


class Piece:
    """A first line and its NEXT lines: where they are in the test, and their patterns."""

    def __init__(self, at, head):
        self.at, self.mark, self.texts = at, head['mark'], [head['text']]

    def closes(self):
        """Whether it shows all of the form that its first line opens."""
        level = depth(self.texts[0])
        for text in self.texts[1:]:
            if level <= 0:
                return False
            level += depth(text)
        return level == 0 and len(self.texts) > 1

    def count(self, output, start):
        """How many lines of the output it should show."""
        if not (self.closes() or self.texts == ['(module']):
            return len(self.texts)
        level, number = 0, 0
        for line in output[start:]:
            level, number = level + depth(line), number + 1
            if level <= 0:
                break
        return number

    def lines(self, prefix, output, start):
        """The lines that it should consist of. An old line that matches is taken, and those before it are done with."""
        shown = output[start:start + self.count(output, start)]
        made, rest = [], self.texts[1:]
        for line in shown[1:]:
            reused = next((number for number, text in enumerate(rest) if begins(text, line)), None)
            made.append(written(line) if reused is None else rest[reused])
            if reused is not None:
                rest = rest[reused + 1:]
        return [f'{self.mark}{prefix}-NEXT: {text}'.rstrip() for text in made]


def matches(text, line):
    """Whether a NEXT line speaks of this line of output; one with variables may."""
    compiled = pattern(text)
    return compiled is None or compiled.search(squeeze(line)) is not None


def begins(text, line):
    """Whether a NEXT line speaks of how this line of output begins: a closing parenthesis is in most others as well."""
    compiled = pattern(text)
    return compiled is not None and (compiled.match(squeeze(line).strip()) or compiled.match(squeeze(line))) is not None


def rewrite(test, prefix, output):
    """(the test with its pieces of this prefix as the output has them, [what was not found])."""
    form = re.compile(r'^(?P<mark>[;#/ \t]*)' + re.escape(prefix) + r'(?P<kind>-NEXT|-LABEL|-DAG|-NOT|-SAME|-EMPTY|-COUNT-\d+)?:(?P<text>.*)$')
    lines, output = test.split('\n'), output.split('\n')
    made, lost, position, number = [], [], 0, 0
    while number < len(lines):
        head = form.match(lines[number])
        made.append(lines[number])
        number += 1
        if not head or head['kind'] not in (None, '-LABEL'):
            continue
        piece = Piece(number - 1, {'mark': head['mark'], 'text': head['text'].strip()})
        end = number
        while end < len(lines) and (following := form.match(lines[end])) and following['kind'] == '-NEXT':
            piece.texts.append(following['text'][1:])
            end += 1
        compiled = pattern(piece.texts[0])
        if compiled is None:
            continue
        start = next((at for at in range(position, len(output)) if compiled.search(squeeze(output[at]))), None)
        if start is None:
            lost.append(f'line {number}: {lines[number - 1].strip()}')
            continue
        if all(start + 1 + at < len(output) and matches(text, output[start + 1 + at]) for at, text in enumerate(piece.texts[1:])) and (
                piece.texts != ['(module']):
            made += lines[number:end]
        else:
            made += piece.lines(prefix, output, start)
        position = start + 1
        number = end
    return '\n'.join(made), lost


def outputs(names):
    """{test: [(prefix, output)]}: what the tests pipe into FileCheck."""
    lit, _ = llvm_lit.tools()
    if not lit:
        sys.exit('update.py: missing tool: lit (Debian: llvm-14-tools)')
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, 'FileCheck')
        with open(program, 'w', encoding='utf-8') as file:
            file.write(STAND_IN.format(folder=folder))
        os.chmod(program, 0o755)
        os.environ['PATH'] = folder + os.pathsep + os.environ['PATH']
        llvm_lit.run(lit, paths.work('lit'), names)
        for name in sorted(os.listdir(folder)):
            if not name.endswith('.arguments'):
                continue
            with open(os.path.join(folder, name), encoding='utf-8') as file:
                arguments = file.read().split('\n')
            with open(os.path.join(folder, name.replace('.arguments', '.output')), encoding='utf-8', errors='replace') as file:
                output = file.read()
            test = next((argument for argument in arguments if argument.startswith(HERE)), None)
            told = [re.fullmatch(r'--?check-prefix(?:es)?=(.*)', argument) for argument in arguments]
            prefixes = [prefix for match in told if match for prefix in match[1].split(',')] or ['CHECK']
            if test and len(prefixes) == 1:
                found.setdefault(test, []).append((prefixes[0], output))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--check', action='store_true', help='change nothing; fail if something would change')
    parser.add_argument('tests', nargs='*', help='tests, named as in tests/lit')
    options = parser.parse_args()
    changed = 0
    for test, runs in sorted(outputs(options.tests).items()):
        with open(test, encoding='utf-8') as file:
            before = text = file.read()
        name = os.path.relpath(test, HERE)
        for prefix in sorted({prefix for prefix, _ in runs}):
            of_prefix = sorted({output for other, output in runs if other == prefix})
            answers = {rewrite(text, prefix, output)[0] for output in of_prefix}
            if len(answers) > 1:
                print(f'{name}: {prefix}: RUN lines that share this prefix print different lines; left as it is')
                continue
            text, lost = rewrite(text, prefix, of_prefix[0])
            for line in lost:
                print(f'{name}: not in the output: {line}')
        if text != before:
            changed += 1
            print(f'{name}: {"would change" if options.check else "rewritten"}')
            if not options.check:
                with open(test, 'w', encoding='utf-8') as file:
                    file.write(text)
    return 1 if options.check and changed else 0


if __name__ == '__main__':
    sys.exit(main())
