#!/usr/bin/env python3
"""The installation: what `cmake --install` gives is whole, can be moved, and is enough to write plugins with.

    tests/install/run.py

Everything happens in a new folder outside of the tree. The installation is moved before it is used, so that nothing in it
can depend on where it was made; tests/plugin-example and the example at the head of include/parigot/plugin.h are compiled
against it with nothing but a CMake prefix.
"""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness.paths import BUILD, ROOT  # noqa: E402
from harness.report import PASS, fail, report  # noqa: E402

INSTALLED = ('bin/parigot-opt', 'bin/wasm-opt', 'lib/libparigot-passes.so', 'lib/libbinaryen.so', 'include/parigot/plugin.h',
             'include/parigot/binaryen/pass.h', 'share/parigot-opt/wasm-stack-traces.mjs', 'lib/cmake/parigot-opt/parigot-opt-config.cmake')

MODULE = """(module
  (memory $m 1)
  (export "twice" (func $twice))
  (export "memory" (memory $m))
  (func $twice (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
  (func $forever (loop $again (br $again))))
"""

# Two services, of which one calls the other.
WORLD = {
    'world.toml': '[world]\nmain = "main"\nisolate = "none"\n[service.main]\nwasm = "main.wat"\n[service.sum]\nwasm = "sum.wat"\n'
                  '[[call]]\nclient = "main"\nimport = "sum.add"\nservice = "sum"\nabi = "scalar"\n',
    'main.wat': '(module (import "sum" "add" (func $add (param i32 i32) (result i32)))\n'
                '  (func (export "five") (result i32) (call $add (i32.const 2) (i32.const 3))))\n',
    'sum.wat': '(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))\n',
}


class Failed(Exception):
    """What a check found, and the output that shows it."""

    def __init__(self, why, output=''):
        super().__init__(why)
        self.output = output


def environment(folder):
    """That of a user: no variable says where libraries are. What was compiled before is found in any new folder."""
    variables = {name: value for name, value in os.environ.items() if name not in ('LD_LIBRARY_PATH', 'CMAKE_PREFIX_PATH')}
    variables.update(CCACHE_BASEDIR=folder, CCACHE_NOHASHDIR='1', LC_ALL='C')
    return variables


def run(folder, *command, code=0):
    """What a command prints, errors included; Failed if it ends with another code."""
    done = subprocess.run(command, cwd=folder, env=environment(folder), text=True, check=False, timeout=300,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != code:
        raise Failed(f'{os.path.basename(command[0])} ended with {done.returncode} instead of {code}',
                     ' '.join(map(str, command)) + '\n' + done.stdout)
    return done.stdout


def expect(text, pattern, what):
    if not re.search(pattern, text, re.MULTILINE):
        raise Failed(f'{what}: nothing matches {pattern!r}', text)


def write(path, text):
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


class Installation:
    """An installation in folder/moved, with folder/module.wat as input."""

    def __init__(self, folder):
        self.folder = folder
        self.prefix = os.path.join(folder, 'moved')
        run(folder, 'cmake', '--install', BUILD, '--prefix', os.path.join(folder, 'made'))
        os.rename(os.path.join(folder, 'made'), self.prefix)
        write(os.path.join(folder, 'module.wat'), MODULE)

    def wasm_opt(self, *arguments, code=0):
        return run(self.folder, os.path.join(self.prefix, 'bin', 'wasm-opt'), *arguments, code=code)

    def build(self, source, out):
        """Builds a CMake project outside of the tree, as its users do: in Release, where CMake defines NDEBUG."""
        launcher = ['-DCMAKE_CXX_COMPILER_LAUNCHER=ccache'] if shutil.which('ccache') else []
        said = run(self.folder, 'cmake', '-S', source, '-B', out, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Release',
                   f'-DCMAKE_PREFIX_PATH={self.prefix}', *launcher)
        return said + run(self.folder, 'cmake', '--build', out)


def files_are_there(installed):
    missing = [name for name in INSTALLED if not os.path.exists(os.path.join(installed.prefix, name))]
    if missing:
        raise Failed('not installed: ' + ', '.join(missing))


def stands_alone(installed):
    """Every library that is ours is found in the installation, and no file of it remembers the tree or the cache."""
    for name in ('bin/parigot-opt', 'bin/wasm-opt', 'lib/libparigot-passes.so'):
        said = run(installed.folder, 'ldd', os.path.join(installed.prefix, name))
        found = re.findall(r'^\s*lib(?:binaryen|parigot-passes)\.so => (.*) \(', said, re.MULTILINE)
        if not found or any(not os.path.realpath(path).startswith(installed.prefix + '/lib/') for path in found):
            raise Failed(f'{name} takes libraries from elsewhere', said)
    package = os.path.join(installed.prefix, 'lib', 'cmake', 'parigot-opt')
    with open(os.path.join(BUILD, 'binaryen-prefix'), encoding='utf-8') as file:
        places = (str(ROOT), str(BUILD), file.read().strip())
    for name in os.listdir(package):
        with open(os.path.join(package, name), encoding='utf-8') as file:
            text = file.read()
        if any(place in text for place in places):
            raise Failed(f'{name} names a folder of the build', text)


def tools_work(installed):
    """The driver winds a world, and wasm-opt runs our passes from a bare file name in lib."""
    for name, text in WORLD.items():
        write(os.path.join(installed.folder, name), text)
    one = os.path.join(installed.folder, 'one.wasm')
    driver = os.path.join(installed.prefix, 'bin', 'parigot-opt')
    run(installed.folder, driver, 'build', 'world.toml', '-o', one, '-O2')
    inlined = installed.wasm_opt(one, '-S', '-o', '-')
    expect(inlined, r'\(export "five"', 'the world that the installed parigot-opt winds')
    expect(inlined, r'\(i32\.const 5\)', 'the world that the installed parigot-opt winds')
    expect(installed.wasm_opt('--load-pass', 'libparigot-passes.so', '--help'), r'--merge-world', 'the passes of the plugin')


def example_works(installed):
    """tests/plugin-example, built outside of the tree, and what its plugins do in the installed wasm-opt."""
    source, out = os.path.join(installed.folder, 'example'), os.path.join(installed.folder, 'example-build')
    shutil.copytree(os.path.join(ROOT, 'tests', 'plugin-example'), source)
    installed.build(source, out)
    plugin = os.path.join(out, 'libcount-exports.so')
    said = installed.wasm_opt('--load-pass', plugin, 'module.wat', '--count-exports', '-o', 'counted.wasm')
    if said != 'count-exports: 2\n  twice (func)\n  memory (memory)\n':
        raise Failed('count-exports prints something else', said)
    if not os.path.getsize(os.path.join(installed.folder, 'counted.wasm')):
        raise Failed('wasm-opt wrote nothing')
    said = installed.wasm_opt('--load-pass', plugin, 'module.wat', '--refuse-loops', '-o', 'none.wasm', code=1)
    expect(said, r'^wasm-opt: error: refuse-loops: function forever has a loop$', 'the error of a pass')
    if os.path.exists(os.path.join(installed.folder, 'none.wasm')):
        raise Failed('wasm-opt wrote a module after the error of a pass')
    said = installed.wasm_opt('--load-pass', os.path.join(out, 'libwrong-version.so'), '--help', code=1)
    expect(said, r'libwrong-version\.so: was built for Binaryen 131, and this wasm-opt is Binaryen 132$', 'the wrong version')


def blocks_of_plugin_h():
    """The indented blocks of the comment at the head of plugin.h, each after a line that ends with a colon."""
    with open(os.path.join(ROOT, 'include', 'parigot', 'plugin.h'), encoding='utf-8') as file:
        text = ''.join(line[2:] for line in file if line.startswith('//'))
    return [textwrap.dedent(block) for block in re.findall(r':\n\n((?:   .*\n|\n(?=   ))+)', text)]


def block_that(blocks, pattern):
    found = [block for block in blocks if re.search(pattern, block, re.MULTILINE)]
    if len(found) != 1:
        raise Failed(f'the head of plugin.h has {len(found)} blocks that match {pattern!r}', '\n----\n'.join(blocks))
    return found[0]


def comment_compiles(installed):
    """The example at the head of plugin.h: by its commands in a clone, and by its CMakeLists.txt against the installation."""
    blocks = blocks_of_plugin_h()
    source = os.path.join(installed.folder, 'comment')
    os.mkdir(source)
    write(os.path.join(source, 'count-exports.cpp'), block_that(blocks, r'^BINARYEN_PLUGIN\('))
    write(os.path.join(source, 'CMakeLists.txt'), block_that(blocks, r'^find_package\(parigot-opt'))
    for name in ('include', 'third_party'):
        os.symlink(os.path.join(ROOT, name), os.path.join(source, name))
    out = os.path.join(installed.folder, 'comment-build')
    with concurrent.futures.ThreadPoolExecutor() as pool:
        by_hand = pool.submit(run, source, 'bash', '-euc', block_that(blocks, r'^c\+\+ -shared'))
        by_cmake = pool.submit(installed.build, source, out)
        by_hand.result(), by_cmake.result()
    for folder in (source, out):
        plugin = os.path.join(folder, 'libcount-exports.so')
        said = installed.wasm_opt('--load-pass', plugin, 'module.wat', '--count-exports')
        if not said.startswith('2\n'):
            raise Failed(f'the example of plugin.h prints something else than 2 in {folder}', said)


def mistakes_are_told(installed):
    """A newer version than there is, and a plugin that is compiled without assertions."""
    source = os.path.join(installed.folder, 'newer')
    os.mkdir(source)
    write(os.path.join(source, 'CMakeLists.txt'), 'cmake_minimum_required(VERSION 3.22)\nproject(newer LANGUAGES NONE)\n'
                                                  'find_package(parigot-opt 1000.0 REQUIRED)\n')
    said = run(installed.folder, 'cmake', '-S', source, '-B', source + '-build', '-G', 'Ninja',
               f'-DCMAKE_PREFIX_PATH={installed.prefix}', code=1)
    expect(said, r'compatible with requested\s+version "1000\.0"', 'a version that there is not')
    include = os.path.join(installed.prefix, 'include')
    said = run(installed.folder, 'c++', '-std=c++20', '-fno-rtti', '-DNDEBUG', '-DBUILD_LLVM_DWARF', '-fsyntax-only',
               '-I', include, '-isystem', os.path.join(include, 'parigot', 'binaryen'),
               os.path.join(ROOT, 'tests', 'plugin-example', 'unresolved.cpp'), code=1)
    expect(said, r'error: #error "compile plugins without -DNDEBUG', 'a plugin without assertions')


CHECKS = {
    'every file is there': files_are_there,
    'the installation stands alone': stands_alone,
    'parigot-opt and its passes work': tools_work,
    'tests/plugin-example': example_works,
    'the example of plugin.h': comment_compiles,
    'mistakes are told': mistakes_are_told,
}


def outcome(check, installed):
    try:
        check(installed)
    except Failed as error:
        return fail(str(error), error.output)
    except (OSError, subprocess.TimeoutExpired) as error:
        return fail(str(error))
    return PASS


def main():
    with tempfile.TemporaryDirectory(prefix='parigot-install-') as folder:
        try:
            installed = Installation(os.path.realpath(folder))
        except Failed as error:
            return report('install', {'cmake --install': fail(str(error), error.output)})
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            done = {name: pool.submit(outcome, check, installed) for name, check in CHECKS.items()}
            return report('install', {name: result.result() for name, result in done.items()})


if __name__ == '__main__':
    sys.exit(main())
