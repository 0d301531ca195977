"""DWARF that no compiler writes for wasm yet, but any may: 64-bit DWARF, addresses of 8 bytes, type units, GCC's forms.

The compiler of this machine writes it into an ELF file, from which we make a file with the shape of a wasm module: its code section has one
body, with the machine's code at the offset that is its address, and its custom sections are those of DWARF. Nobody could run that, but our
reader of lines looks at no instruction. llvm-symbolizer reads the ELF file itself.
"""
import pathlib
import platform
import shutil
import tempfile

from harness import process
from harness.report import Failure, Skip
from native_lines import SOURCES, OurLines, compare, llvm, symbolized

ADDRESS = 0x10000  # of the code; any that leaves space for a body in front of it
FLAGS = ['-std=c++17', '-fno-exceptions', '-fno-rtti', '-fno-asynchronous-unwind-tables', '-w', '-nostdlib', '-static', '-no-pie',
         f'-Wl,-Ttext={ADDRESS:#x},--unresolved-symbols=ignore-all,-e,run']
PROGRAMS = {
    'gcc, DWARF 2': ('g++', ['-gdwarf-2', '-O2']),
    'gcc, DWARF 3': ('g++', ['-gdwarf-3', '-O2']),
    'gcc, DWARF 4, 64 bits': ('g++', ['-gdwarf-4', '-gdwarf64', '-O2']),
    'gcc, DWARF 4, types': ('g++', ['-gdwarf-4', '-fdebug-types-section', '-O2']),
    'gcc, DWARF 5': ('g++', ['-gdwarf-5', '-O0']),
    'gcc, DWARF 5, 64 bits': ('g++', ['-gdwarf-5', '-gdwarf64', '-O2']),
    'gcc, DWARF 5, types': ('g++', ['-gdwarf-5', '-fdebug-types-section', '-O2']),
    'gcc, split DWARF 4': ('g++', ['-gdwarf-4', '-gsplit-dwarf', '-O2']),
    'gcc, split DWARF 5': ('g++', ['-gdwarf-5', '-gsplit-dwarf', '-O2']),
    'clang, DWARF 5, 64 bits': ('clang++-14', ['-gdwarf-5', '-gdwarf64', '-O2']),
}


def leb(value, size=5):
    """An unsigned LEB128 number of this many bytes."""
    return bytes((value >> (7 * i)) & 0x7F | (0x80 if i < size - 1 else 0) for i in range(size))


def sections(elf):
    """{name: (address, offset in the file, size)}."""
    found = {}
    for line in process.check([llvm('llvm-readelf'), '--sections', '--wide', elf]).splitlines():
        words = line.partition(']')[2].split()
        if len(words) > 5 and words[0].startswith('.'):
            found[words[0]] = tuple(int(word, 16) for word in words[2:5])
    return found


def as_wasm(elf, out, has_code=True):
    """Writes the file that our reader is given; the offsets of the code in it."""
    data, found = elf.read_bytes(), sections(elf)
    wasm, offsets = b'\0asm\1\0\0\0', range(0)
    if has_code:
        address, begin, size = found['.text']
        filler = address - 1 - 5 - 5  # a count, and the sizes of two bodies
        payload = b'\2' + leb(filler) + bytes(filler) + leb(size) + data[begin:begin + size]
        wasm += b'\x0a' + leb(len(payload)) + payload
        offsets = range(address, address + size)
    for name, (_, begin, size) in found.items():
        if name.startswith('.debug_'):
            payload = leb(len(name)) + name.encode() + data[begin:begin + size]
            wasm += b'\0' + leb(len(payload)) + payload
    out.write_bytes(wasm)
    return offsets


def check_program(program, name):
    compiler, flags = PROGRAMS[name]
    if platform.machine() != 'x86_64':
        raise Skip('the compiler of this machine is not for x86-64')
    if not shutil.which(compiler):
        raise Skip(f'missing tool: {compiler}')
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        process.check([compiler, *flags, *FLAGS, SOURCES / 'tree.cpp', '-o', 'program'], cwd=work)
        offsets = as_wasm(work / 'program', work / 'program.wasm')
        words = [work / 'program.wasm']
        for dwo in work.glob('*.dwo'):
            as_wasm(dwo, dwo.with_suffix('.wasm'), has_code=False)
            words += ['--split', dwo.with_suffix('.wasm')]
        if ('-gsplit-dwarf' in flags) != (len(words) > 1):
            raise Failure('there are no .dwo files where they are wanted, or some where they are not')
        ours = OurLines(program, words)
        if len(ours.offsets) < 20:
            raise Failure('our reader found hardly any lines')
        return compare(ours, dict(zip(offsets, symbolized(work / 'program', offsets), strict=True)))
