# FileCheck tests of our passes and tools: input and expectations in one file.
#
#   ;; RUN: wasm-opt --load-pass %plugin %s --remove-gojs-shim -S -o - | FileCheck %s
#
# Tools are found by PATH: ours (wasm-opt, parigot-opt) first, then Binaryen's (wasm-as, wasm-dis, wasm-merge, ...), then
# LLVM's (FileCheck, not). A test that needs more than these says REQUIRES: <tool>; which tools count is below.
#
#   %plugin    our plugin, libparigot-passes.so
#   %plugins   the folder of the plugins that only tests use
#   %bare_plugin   its name without a folder, to be found beside wasm-opt
#   %limit     limits the memory of what follows in a shell, as %limit(KILOBYTES)
#   %binaryen  the folder that Binaryen is installed in: upstream's own wasm-opt is %binaryen/bin/wasm-opt
#   %s %S %t   the test, its folder, and a name for temporary files, as everywhere in lit
#
# A test that needs more input files keeps them in a folder named Inputs next to it.
import glob
import os
import shutil

import lit.formats

config.name = 'lit'
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = ['.wat', '.test']
config.excludes = ['Inputs']
config.test_source_root = os.path.join(config.source_dir, 'tests', 'lit')
config.test_exec_root = os.path.join(config.build_dir, 'tests', 'lit')

# Binaryen's folder has a wasm-opt of its own, which must not step in for ours unnoticed.
if not os.path.exists(os.path.join(config.build_dir, 'bin', 'wasm-opt')):
    lit_config.fatal('there is no wasm-opt in ' + os.path.join(config.build_dir, 'bin'))

llvm = sorted(glob.glob('/usr/lib/llvm-*/bin/FileCheck'))
path = [
    os.path.join(config.build_dir, 'bin'),
    os.path.join(config.binaryen_prefix, 'bin'),
    os.environ['PATH'],
    os.path.dirname(llvm[-1]) if llvm else '',
]
config.environment['PATH'] = os.pathsep.join(filter(None, path))
# A test that fails should show what it got.
config.environment['FILECHECK_OPTS'] = '--dump-input-filter=annotation-full'
for name in ('ASAN_OPTIONS', 'UBSAN_OPTIONS', 'HOME', 'XDG_CACHE_HOME'):
    if name in os.environ:
        config.environment[name] = os.environ[name]

config.environment['PARIGOT_OPT_CACHE'] = 'off'

if config.sanitized:
    config.excludes.append('exhausting.test')

config.substitutions += [
    ('%plugins', os.path.join(config.build_dir, 'lib', 'tests')),
    ('%binaryen', config.binaryen_prefix),
    # Sanitizers take terabytes of addresses, and look for libraries by a path of their own.
    ('%bare_plugin', os.path.join(config.build_dir, 'lib', 'libparigot-passes.so') if config.sanitized else 'libparigot-passes.so'),
    (r'%limit\((\d+)\)', ':' if config.sanitized else r'ulimit -v \1'),
    ('%plugin', os.path.join(config.build_dir, 'lib', 'libparigot-passes.so')),
]

for tool in ('node', 'go', 'tinygo', 'wasmtime', 'clang'):
    if shutil.which(tool):
        config.available_features.add(tool)
