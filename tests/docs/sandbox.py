"""Where the blocks of a page are run: a folder that looks like a clone of the repository after the demo, with the tools in PATH."""
import os
import shutil
import subprocess

from harness import engines, tools
from harness.paths import BUILD, ROOT, TESTS

FIXTURES = TESTS / 'docs/fixtures'

# `wasmtime` is our host on wasmtime: what is installed is its library. --dir=. is what the pages use.
WASMTIME = """#!/bin/sh
directories=
while [ "${{1#--dir=}}" != "$1" ]; do directories="$directories --dir ${{1#--dir=}}::${{1#--dir=}}"; shift; done
exec '{python}' '{host}' one "$@" $directories
"""
# Where there is no jq: the only form that the help uses, `jq .KEY`.
JQ = """#!/usr/bin/env python3
import json, sys
print(json.dumps(json.load(sys.stdin)[sys.argv[1].removeprefix('.')], indent=2))
"""


def script(path, text):
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    os.chmod(path, 0o755)


class Sandbox:
    """Makes the folders, and runs commands in them."""

    def __init__(self, folder):
        self.folder = folder
        self.bin = os.path.join(folder, 'bin')
        self.fixtures = os.path.join(folder, 'fixtures')
        self.missing = {}  # command: why it cannot be run
        os.makedirs(self.bin)
        os.makedirs(self.fixtures)
        for tool in ('parigot-opt', 'wasm-opt'):
            os.symlink(BUILD / 'bin' / tool, os.path.join(self.bin, tool))
        for tool in ('wasm-as', 'wasm-dis'):
            os.symlink(tools.binaryen_tool(tool), os.path.join(self.bin, tool))
        self.engines()
        self.assemble_fixtures()

    def engines(self):
        python, why = engines.find('PARIGOT_PYTHON')
        host = engines.HOSTS / 'wasmtime/host.py'
        if python:
            script(os.path.join(self.bin, 'wasmtime'), WASMTIME.format(python=python, host=host))
        else:
            self.missing['wasmtime'] = why
        node, why = engines.find('PARIGOT_NODE')
        if node:
            os.symlink(node, os.path.join(self.bin, 'node'))
        else:
            self.missing['node'] = why
        for name in ('clang', 'go', 'rustc', 'zig', 'asc', 'tinygo'):
            program, why = engines.find(f'PARIGOT_{name.upper()}')
            if program:
                os.symlink(program, os.path.join(self.bin, name))
            else:
                self.missing[name] = why
        if not shutil.which('jq'):
            script(os.path.join(self.bin, 'jq'), JQ)

    def assemble_fixtures(self):
        for name in os.listdir(FIXTURES):
            stem, extension = os.path.splitext(name)
            source = os.path.join(FIXTURES, name)
            if extension == '.wat':
                made = os.path.join(self.fixtures, stem + '.wasm')
                tools.assemble(source, made, '-g', '--all-features')
            else:
                shutil.copy(source, self.fixtures)

    def room(self, name):
        """A new folder for a page: the repository's files, `build` as the demo leaves it, and the fixtures."""
        room = os.path.join(self.folder, 'pages', name.replace('/', '-'))
        build = os.path.join(room, 'build')
        os.makedirs(os.path.join(build, 'demo'))
        for tool in ('bin', 'lib'):
            os.symlink(os.path.join(BUILD, tool), os.path.join(build, tool))
        os.symlink(ROOT / 'build/examples', os.path.join(build, 'examples'))
        for folder in ('docs', 'examples', 'include', 'passes', 'scripts', 'share', 'src', 'tests', 'third_party'):
            os.symlink(os.path.join(ROOT, folder), os.path.join(room, folder))
        shutil.copytree(self.fixtures, room, dirs_exist_ok=True)
        return room

    def run(self, command, room):
        """(exit code, output and errors as they came) of a shell command."""
        environment = dict(os.environ, PATH=self.bin + os.pathsep + os.environ['PATH'], PYTHONDONTWRITEBYTECODE='1')
        environment.pop('PARIGOT_DEPLOYMENT', None)
        try:
            done = subprocess.run(['bash', '-c', command], cwd=room, env=environment, stdin=subprocess.DEVNULL, timeout=120,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        except subprocess.TimeoutExpired:
            return 124, 'did not end within 120 seconds\n'
        return done.returncode, done.stdout
