"""Line accuracy of C, C++, Rust, Zig and AssemblyScript: what our readers say of a binary, against readers of others.

For each instruction of a binary, and for each row of its line table, the chain of functions, files, lines and columns has to be that of
llvm-symbolizer --inlines; for source maps, that of Node's module.SourceMap. Two kinds of differences are meant:

  - where a linker dropped one of two equal functions, the line table has both descriptions of the one that stays: any of them counts;
  - llvm-symbolizer 14 reads no range lists of .dwo files of wasm, so split DWARF is compared with the same program without -gsplit-dwarf.
"""
import bisect
import dataclasses
import json
import pathlib
import re
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness import compiled, parallel, paths, process, wasm_binary  # noqa: E402
from harness.engines import tool  # noqa: E402
from harness.report import Failure, Skip  # noqa: E402

SOURCES = pathlib.Path(__file__).resolve().parent / 'native'
SHOWN = 5  # of differences


def llvm(name):
    path = shutil.which(f'{name}-14')
    if not path:
        raise Skip(f'missing tool: {name}-14')
    return path


@dataclasses.dataclass
class Code:
    """The code section of a binary: the byte that its payload begins at, and its bodies as offsets from there."""

    begin: int
    bodies: list

    @classmethod
    def of(cls, data):
        for section, begin, _ in wasm_binary.sections(data):
            if section == wasm_binary.CODE:
                return cls(begin, list(cls.read_bodies(data, begin)))
        raise Failure('the binary has no code section')

    @staticmethod
    def read_bodies(data, begin):
        count, at = wasm_binary.unsigned(data, begin)
        for _ in range(count):
            size, at = wasm_binary.unsigned(data, at)
            yield at - begin, at - begin + size
            at += size

    def holds(self, offset):
        last = bisect.bisect_right(self.bodies, (offset, sys.maxsize)) - 1
        return last >= 0 and offset < self.bodies[last][1]


def instructions(wasm, code):
    """The offsets of all instructions, and of what wasm-tools prints besides in a body."""
    text = process.check([tool('PARIGOT_WASM_TOOLS', 'wasm-tools'), 'print', '--print-offsets', wasm])
    found = {int(offset, 16) - code.begin for offset in re.findall(r'\(;@([0-9a-f]+)', text)}
    return {offset for offset in found if code.holds(offset)}


class OurLines:
    """What our reader says: a chain of (function, file, line, column) for each offset, the innermost first."""

    def __init__(self, program, words):
        rows = [json.loads(line) for line in process.check([program, *words]).splitlines()]
        self.offsets = [row['offset'] for row in rows]
        self.chains = [[(frame['function'], frame['file'], frame['line'], frame['column']) for frame in row['frames']] for row in rows]

    def at(self, offset):
        last = bisect.bisect_right(self.offsets, offset) - 1
        return self.chains[last] if last >= 0 else []


def symbolized(wasm, offsets):
    """What llvm-symbolizer says, in the same form."""
    words = [llvm('llvm-symbolizer'), f'--obj={wasm}', '--inlines', '--output-style=JSON', '--no-demangle', '--functions=short']
    said = process.check(words, input=''.join(f'{offset:#x}\n' for offset in offsets))
    answers = []
    for line in said.splitlines():
        answer = json.loads(line)
        answers += answer if isinstance(answer, list) else [answer]
    chains = [[(frame['FunctionName'], frame['FileName'], frame['Line'], frame['Column']) for frame in answer['Symbol']] for answer in answers]
    unknown = ('', '', 0, 0)
    return [[frame for frame in chain if frame != unknown] for chain in chains]


ROW = re.compile(r'^0x([0-9a-f]+) +(\d+) +(\d+) .*?(end_sequence)?$')


def described_twice(wasm):
    """A function that says whether more than one sequence of the line table holds an offset."""
    sequences, begin = [], None
    for line in process.check([llvm('llvm-dwarfdump'), '--debug-line', wasm]).splitlines():
        row = ROW.match(line.rstrip())
        if row:
            offset = int(row[1], 16)
            begin = offset if begin is None else begin
            if row[4]:
                sequences.append((begin, offset))
                begin = None
    return lambda offset: sum(first <= offset < end for first, end in sequences) > 1


def compare(ours, theirs, excused=lambda offset: False):
    """Compares {offset: chain} with what we say; how many there are, how many of them are excused."""
    different = [offset for offset, chain in theirs.items() if ours.at(offset) != chain]
    wrong = [offset for offset in different if not excused(offset)]
    if wrong:
        shown = '\n'.join(f'{offset:#x}: ours {ours.at(offset)}, theirs {theirs[offset]}' for offset in wrong[:SHOWN])
        raise Failure(f'{len(wrong)} of {len(theirs)} offsets differ\n{shown}')
    return len(theirs), len(different)


def check_dwarf(program, wasm, every_instruction=True):
    code = Code.of(pathlib.Path(wasm).read_bytes())
    ours = OurLines(program, [wasm])
    offsets = {offset for offset in ours.offsets if code.holds(offset)}
    if not ours.offsets:
        raise Failure('our reader found no lines')
    if every_instruction:
        offsets |= instructions(wasm, code)
    offsets = sorted(offsets)
    theirs = dict(zip(offsets, symbolized(wasm, offsets), strict=True))
    twice = None

    def excused(offset):
        nonlocal twice
        twice = twice or described_twice(wasm)
        return twice(offset)

    return compare(ours, theirs, excused)


def clang(*flags, sources=('main.c', 'area.c')):
    def make(work, out):
        process.check([tool('PARIGOT_CLANG', 'clang'), '--target=wasm32-wasi', '--sysroot=/usr', *flags,
                       *[SOURCES / name for name in sources], '-o', out], cwd=work)
    return make


def cxx(*flags):
    exports = ('-nostdlib', '-std=c++17', '-fno-exceptions', '-Wl,--no-entry', '-Wl,--export=run', '-Wl,--export=run2', '-Wl,--allow-undefined')
    return clang(*exports, *flags, sources=('tree.cpp', 'tree2.cpp'))


def rust(*flags):
    def make(work, out):
        process.check([tool('PARIGOT_RUSTC', 'rustc'), '--target=wasm32-wasi', '-Clinker=wasm-ld-14', '-g', *flags, SOURCES / 'shapes.rs',
                       '-o', out], cwd=work)
    return make


def zig(mode):
    def make(work, out):
        process.check([tool('PARIGOT_ZIG', 'zig'), 'build-exe', '-target', 'wasm32-wasi', '-O', mode, '-fno-strip', SOURCES / 'points.zig',
                       f'-femit-bin={out}', '--cache-dir', work / 'cache'], cwd=work)
    return make


# name -> (function that compiles it, whether all instructions are asked for, and not only all rows)
PROGRAMS = {
    **{f'c, DWARF {version}, {level}': (clang(f'-gdwarf-{version}', level), True)
       for version, level in ((2, '-O2'), (3, '-Os'), (4, '-O0'), (4, '-O2'), (5, '-O0'), (5, '-O2'))},
    'c, -flto': (clang('-g', '-flto', '-O2'), False),
    'c, -g1': (clang('-g1', '-O2'), False),
    **{f'c++, DWARF {version}, {level}': (cxx(f'-gdwarf-{version}', level), True) for version in (4, 5) for level in ('-O0', '-O1', '-O2')},
    'rust, -O0': (rust('-Copt-level=0'), False),
    'rust, -O2': (rust('-Copt-level=2'), False),
    'rust, lto': (rust('-Copt-level=3', '-Clto=fat', '-Cpanic=abort'), True),
    'zig, Debug': (zig('Debug'), False),
    'zig, ReleaseSafe': (zig('ReleaseSafe'), True),
}


def key():
    """What all programs depend on."""
    versions = [process.check([tool(f'PARIGOT_{name}', name.lower()), word]) for name, word in
                (('CLANG', '--version'), ('RUSTC', '--version'), ('ZIG', 'version'))]
    return [*versions, *(file.read_text() for file in sorted(SOURCES.iterdir()))]


def check_program(program, name, common):
    make, every_instruction = PROGRAMS[name]
    wasm = compiled.cached(['debug/native', name, *common], make)
    return check_dwarf(program, wasm, every_instruction)


def check_split(program, version):
    """Units in .dwo files give what units in the module give."""
    flags = ['--target=wasm32-wasi', '--sysroot=/usr', f'-gdwarf-{version}', '-O2', f'-fdebug-prefix-map={SOURCES}=/src']
    compiler = tool('PARIGOT_CLANG', 'clang')
    with tempfile.TemporaryDirectory() as work:
        outputs = {}
        for kind, more in (('whole', []), ('split', ['-gsplit-dwarf'])):
            objects = []
            for name in ('main', 'area'):
                objects.append(f'{kind}-{name}.o')
                process.check([compiler, *flags, *more, '-c', SOURCES / f'{name}.c', '-o', objects[-1]], cwd=work)
            process.check([compiler, *flags, *objects, '-o', f'{kind}.wasm'], cwd=work)
            outputs[kind] = OurLines(program, [f'{work}/{kind}.wasm', *(['--dwo'] if more else [])])
    whole, split = outputs['whole'], outputs['split']
    if sum(chain[0][0] == 'clamp' for chain in split.chains if chain) < 3:
        raise Failure('the split program has no inlined calls')
    return compare(split, dict(zip(whole.offsets, whole.chains, strict=True)))


NODE_MAP = """
const {SourceMap} = require('module'), fs = require('fs');
const [file, ...offsets] = JSON.parse(fs.readFileSync(0, 'utf8'));
const text = JSON.parse(fs.readFileSync(file, 'utf8'));
text.mappings += ';'; // Node misreads a mapping of one field that is the last character
const map = new SourceMap(text);
console.log(JSON.stringify(offsets.map(offset => {
  const entry = map.findEntry(0, offset);
  return entry.originalSource === undefined ? null : [entry.originalSource, entry.originalLine, entry.originalColumn];
})));
"""


def check_assemblyscript(program, level):
    """Places of a source map are those that Node finds."""
    node = tool('PARIGOT_NODE', 'node')
    with tempfile.TemporaryDirectory() as work:
        shutil.copy(SOURCES / 'index.ts', work)
        process.check([node, tool('PARIGOT_ASC', 'asc'), 'index.ts', '-o', 'as.wasm', '--sourceMap', '--debug', level], cwd=work)
        wasm, file = f'{work}/as.wasm', f'{work}/as.wasm.map'
        code = Code.of(pathlib.Path(wasm).read_bytes())
        offsets = sorted(instructions(wasm, code))
        ours = OurLines(program, [wasm, '--map', file])
        asked = json.dumps([file, *(offset + code.begin for offset in offsets)])
        theirs = json.loads(process.check([node, '-e', NODE_MAP], input=asked))
    # Node counts from 0. asc's maps end with each function.
    chains = [[('', './as/' + place[0].removeprefix('./as/'), place[1] + 1, place[2] + 1)] if place else [] for place in theirs]
    return compare(ours, dict(zip(offsets, chains, strict=True)))


def check(results, program=paths.BUILD / 'bin/dwarf-lines', more=None, wanted=lambda name: True):
    """Adds the verdicts of all programs, and of `more`, to a harness.report.Results; prints how many offsets were compared."""
    common = key()
    tests = {name: (check_program, name, common) for name in PROGRAMS} | (more or {})
    tests |= {f'c, split DWARF {version}': (check_split, version) for version in (4, 5)}
    tests |= {f'assemblyscript, {level}': (check_assemblyscript, level) for level in ('-O0', '-O3')}
    totals = []

    def run(name):
        function, *arguments = tests[name]
        results.test(name, lambda: totals.append(function(program, *arguments)))

    parallel.run_all([lambda name=name: run(name) for name in tests if wanted(name)])
    print(f'{sum(count for count, _ in totals)} offsets compared; {sum(excused for _, excused in totals)} of them are described twice, '
          'all others are equal')
