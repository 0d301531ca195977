"""What -g adds to a module, and what it leaves as it is.

- The code, and every section but those of debug information, is the same to the byte with and without -g.
- llvm-dwarfdump finds no error in the DWARF, and llvm-symbolizer reads the same from it as `parigot-opt addr2line`.
- The source map says of each place what the DWARF says, but for inlined calls.
"""

import json
import re

from harness import paths, process, tools, wasm_binary
from harness.engines import node
from harness.paths import TESTS
from harness.report import Failure
from harness.wasm_binary import CODE
from harness.worlds import Case

from native_lines import llvm

DEBUG_SECTIONS = re.compile(r"\.debug_\w+|sourceMappingURL|build_id|external_debug_info")
# The world in which all levels are tried.
LEVELS = "greeting-c", ["-O1", "-O3", "-O4", "-Oz"]
# The worlds of e2e that take long: they are for --all, and tried without -O only.
LARGE = {"args-env", "fit-go", "gc", "nested-go", "panic-go", "payload", "reentrant-go", "ten-go", "wasi-go", "alone-go"}
ADDRESSES = 400  # that are asked for, spread over the code


def sections(data):
    """[(number, name of a custom section or "", begin, bytes of its content)] of a module."""
    found = []
    for number, begin, end in wasm_binary.sections(data):
        name = b""
        if number == 0:
            length, start = wasm_binary.unsigned(data, begin)
            name = data[start:start + length]
        found.append((number, name.decode(), begin, data[begin:end]))
    return found


def code_begin(data):
    return next(begin for number, _, begin, _ in sections(data) if number == CODE)


def without_debug(data):
    return [(number, content) for number, name, _, content in sections(data) if number or not DEBUG_SECTIONS.fullmatch(name)]


def verify(module):
    """llvm-dwarfdump's complaints are failures."""
    done = process.run([llvm("llvm-dwarfdump"), "--verify", module])
    if done.returncode != 0 or "No errors." not in done.stdout:
        errors = [line for line in done.stdout.splitlines() if "error:" in line]
        raise Failure(f"llvm-dwarfdump --verify: {len(errors)} errors: {errors[:3]}")


def check_same_code(manifest, folder, *options):
    """Winds with and without -g, and compares."""
    plain = tools.build(manifest, folder / "plain.wasm", "-q", *options)
    debug = tools.build(manifest, folder / "debug.wasm", "-q", "-g", f"--source-map={folder / 'debug.wasm.map'}", *options)
    if without_debug(plain.read_bytes()) != without_debug(debug.read_bytes()):
        raise Failure("-g changes more than debug information")
    if ".debug_info" in {name for _, name, _, _ in sections(debug.read_bytes())}:
        verify(debug)


def worlds(large):
    """{name: function} for the worlds of e2e; the large ones only where they are wanted."""
    def check(folder):
        case = Case(folder, paths.work("debug") / "worlds" / folder.name)
        paths.fresh(case.work)
        case.prepare()
        check_same_code(case.work / "world.toml", case.work)
        if folder.name not in LARGE:
            check_same_code(case.work / "world.toml", case.work, "-O2")
            check_same_code(case.work / "world.toml", case.work, "--memory=multi", "--isolate")
        for level in LEVELS[1] if folder.name == LEVELS[0] else ():
            check_same_code(case.work / "world.toml", case.work, level)

    folders = [folder for folder in sorted((TESTS / "e2e/cases").iterdir()) if large or folder.name not in LARGE]
    return {f"same code: {folder.name}": lambda f=folder: check(f) for folder in folders}


def frames_of_llvm(module, addresses):
    """[[(function, file, line, column)]] of llvm-symbolizer, for addresses in the code section."""
    words = [llvm("llvm-symbolizer"), f"--obj={module}", "--output-style=JSON", "--no-demangle"]
    answers = json.loads(process.check([*words, *map(hex, addresses)]))
    return [[(s["FunctionName"], s["FileName"], s["Line"], s["Column"]) for s in answer["Symbol"] if s["FunctionName"]] for answer in answers]


def spread(data):
    """Offsets in the code section, spread over it."""
    size = next(len(content) for number, _, _, content in sections(data) if number == CODE)
    return list(range(8, size, max(1, size // ADDRESSES)))


def check_addr2line(module, debug_file=None):
    """addr2line of a module, which has its DWARF or says where it is, against llvm-symbolizer of the file with the DWARF."""
    data = module.read_bytes()
    offsets = spread(data)
    ours = json.loads(tools.checked("addr2line", "--json", module, *(hex(code_begin(data) + offset) for offset in offsets)))
    theirs = frames_of_llvm(debug_file or module, offsets)
    known = 0
    for offset, mine, other in zip(offsets, ours, theirs):
        mine = [(f["function"], f["file"], f["line"], f["column"]) for f in mine["frames"]]
        # Between two functions, where the size of the second stands, llvm-symbolizer names the section's symbols.
        if not mine and all(line == 0 for _, _, line, _ in other):
            continue
        known += 1
        if [m[0] for m in mine] != [o[0] for o in other] or mine[0][2:] != other[0][2:]:
            raise Failure(f"at {offset:#x} addr2line says {mine}, and llvm-symbolizer {other}")
    if known < ADDRESSES * 0.6:
        raise Failure(f"only {known} of {len(offsets)} addresses are known")


def check_map(module, debug_file=None):
    """The source map, read by Node, names the file and the line of the innermost frame."""
    module, map_file = debug_file or module, f"{module}.map"
    data = module.read_bytes()
    offsets = [code_begin(data) + offset for offset in spread(data)]
    said = json.loads(tools.checked("addr2line", "--json", module, *map(hex, offsets)))
    script = TESTS / "debug/look_up.mjs"
    mapped = json.loads(process.check([*node(), script, map_file, *map(str, offsets)]))
    for offset, frames, place in zip(offsets, said, mapped):
        frame = frames["frames"][0] if frames["frames"] else None
        expected = [frame["file"], frame["line"]] if frame and frame["file"] and frame["line"] else None
        # Binaryen's own writer of maps gives code that was made no place, and ends with a mapping that Node misreads.
        if (place and place[:2]) != expected and not (debug_file and not (place and expected)):
            raise Failure(f"at {offset:#x} the source map says {place}, and addr2line {frame}")


def check_split(manifest, folder):
    """The module without debug information, and the file that has it, belong together; another build's is refused."""
    options = ["-q", "-g", "-O2"]
    small = tools.build(manifest, folder / "small.wasm", *options, f"--split-debug={folder / 'small.debug.wasm'}")
    whole = tools.build(manifest, folder / "whole.wasm", *options)
    names = {name for _, name, _, _ in sections(small.read_bytes())}
    if names & {"name", ".debug_info"} or not {"build_id", "external_debug_info"} <= names:
        raise Failure(f"the sections of the small module are {names}")
    for number in range(1, 12):
        contents = [[content for n, _, _, content in sections(file.read_bytes()) if n == number] for file in (small, whole)]
        if contents[0] != contents[1]:
            raise Failure(f"section {number} differs")
    verify(folder / "small.debug.wasm")
    check_addr2line(small, folder / "small.debug.wasm")
    tools.build(manifest, folder / "other.wasm", "-q", "-g", f"--split-debug={folder / 'small.debug.wasm'}")
    done = tools.parigot_opt("addr2line", small, "0x1000")
    if done.returncode == 0 or "another build" not in done.stderr:
        raise Failure(f"debug information of another build is taken: {done.stdout}{done.stderr}")


def check_step_by_step(manifest, folder):
    """wasm-opt, one pass in each run, keeps positions in its own source maps; the last one makes lines of them."""
    empty = folder / "empty.wat"
    empty.write_text("(module)")
    passes = [[f"--merge-world={manifest}"], ["--service-call-to-direct-call"], ["--adapt-host-calls"], ["--place-memories"],
              ["--seal-world"]]
    plain = debug = empty
    for number, words in enumerate(passes):
        plain = tools.wasm_opt(plain, folder / f"plain{number}.wasm", *words, "-g")
        maps = [f"--output-source-map={folder}/step{number}.wasm.map", *([f"--input-source-map={debug}.map"] if number else [])]
        first = [] if number else ["--track-positions"]
        last = [f"--write-debug-info={folder / 'step.debug.wasm'}"] if number == len(passes) - 1 else []
        debug = tools.wasm_opt(debug, folder / f"step{number}.wasm", *first, *words, *last, "-g", *maps)
    codes = [[content for n, _, _, content in sections(file.read_bytes()) if n == CODE] for file in (plain, debug)]
    if codes[0] != codes[1]:
        raise Failure("the code differs from that of passes that keep no positions")
    verify(folder / "step.debug.wasm")
    check_addr2line(debug, folder / "step.debug.wasm")
    check_map(debug, folder / "step.debug.wasm")


def tests(manifest):
    """{name: function} of all checks of one world, which has services in Go, C and Rust."""
    folder = manifest.parent
    found = {}
    for name, options in {"O0": [], "O2": ["-O2"], "multi": ["--memory=multi"]}.items():
        module = folder / f"lines-{name}.wasm"
        tools.build(manifest, module, "-q", "-g", f"--source-map={module}.map", *options)
        found[f"output: verify {name}"] = lambda m=module: verify(m)
        found[f"output: addr2line {name}"] = lambda m=module: check_addr2line(m)
        found[f"output: source map {name}"] = lambda m=module: check_map(m)
    found["output: split"] = lambda: check_split(manifest, folder)
    found["output: step by step"] = lambda: check_step_by_step(manifest, folder)
    return found
