"""What -g costs: winding two Go services and one in C with debug information, against without, and against wasm-merge with maps."""

import statistics

from build import OUT, ROOT, PARIGOT_OPT, manifest, run, tool, wasm_merge_command
from harness.wasm_binary import CODE, sections, unsigned
from measure import child, ratio, rounds

MIB = 1 << 20


def code_bytes(path):
    """The size of the code section, and of what is in sections of DWARF."""
    data, code, dwarf = path.read_bytes(), 0, 0
    for number, begin, end in sections(data):
        if number == CODE:
            code = end - begin
        elif number == 0:
            length, start = unsigned(data, begin)
            dwarf += end - begin if data[start:start + length].startswith(b".debug_") else 0
    return code, dwarf


def measure(section, quick):
    section.title("Debug information")
    tool("PARIGOT_GO", "Go")
    folder = ROOT / run([ROOT / "examples/greeting/build.sh"]).strip()
    services = {"hello": folder / "hello.wasm", "greet": folder / "greet.wasm"}
    world = manifest("debug", "hello", {"hello": services["hello"], "greet": (services["greet"], 'provides = ["greeting"]')})

    def build(name, *options):
        return [PARIGOT_OPT, "build", world, "-q", "-o", OUT / name, *options]

    def with_map(name):
        """The service as a compiler would leave it: with a source map beside it."""
        output = OUT / f"debug-{name}.wasm"
        run([PARIGOT_OPT, "strip", "-q", "-m", f"{output}.map", services[name], "-o", output])
        return output

    inputs = {"hello": with_map("hello"), "greeting": with_map("greet")}
    command = wasm_merge_command(inputs, "debug-merged.wasm")
    merge = [command[0]]  # which wants each map behind its module
    for name, file in inputs.items():
        merge += [file, name, "--input-source-map", f"{file}.map"]
    merge += [*command[1 + 2 * len(inputs):], "--output-source-map", OUT / "debug-merged.map"]
    for level, count in ([], 3 if quick else 11), (["-O2"], 1 if quick else 3):
        name = "".join(level) or "no optimisation"
        sides = {"without": lambda: child(build("debug-plain.wasm", *level)),  # noqa: B023
                 "-g": lambda: child(build("debug-g.wasm", "-g", *level)),  # noqa: B023
                 "-g and a source map": lambda: child(build("debug-map.wasm", "-g", "-m", OUT / "debug.map", *level))}  # noqa: B023
        if not level:
            sides["wasm-merge, with maps of its inputs"] = lambda: child(merge)
        runs = rounds(count, sides)

        def to_plain(side, figure):
            return ratio([figure(r) for r in runs[side]], [figure(r) for r in runs["without"]])  # noqa: B023

        section.goal(f"CPU time of -g, {name}", to_plain("-g", lambda r: r.cpu), at_most=1.15 if level else 1.35)
        section.goal(f"Peak memory of -g, {name}", to_plain("-g", lambda r: r.peak_bytes), at_most=1.6)
        section.table(f"Median of {count} rounds, {name}", ["", "CPU seconds", "peak memory"],
                      [[side, (statistics.median(r.cpu for r in of), "{:.2f}"),
                        (statistics.median(r.peak_bytes for r in of) / MIB, "{:.0f} MiB")] for side, of in runs.items()])
        code, dwarf = code_bytes(OUT / "debug-g.wasm")
        figure = (dwarf / code, f"DWARF to code, {name}")
        if level:
            section.goal(figure[1], figure[0], at_most=0.4)
        section.table(f"Size, {name}", ["", "bytes"], [["code", (code, "{:,}")], ["DWARF", (dwarf, "{:,}")],
                                                       ["source map", ((OUT / "debug.map").stat().st_size, "{:,}")]])
