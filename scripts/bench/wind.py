"""Winding two Go services, against wasm-merge on the same inputs."""

import statistics

from build import OUT, ROOT, PARIGOT_OPT, c_process, deployment, manifest, optimize, optimize_command, run, tool, wasm_merge_command, wind
from cache import ten_services
from measure import child, ratio, rounds

MIB = 1 << 20


def measure(section, quick):
    section.title("Winding two Go services")
    tool("PARIGOT_GO", "Go")
    folder = ROOT / run([ROOT / "examples/greeting/build.sh"]).strip()
    services = {"hello": folder / "hello.wasm", "greet": folder / "greet.wasm"}
    # The third service of that example is in C; hello and greet make a subset of the world, greet's call stays an import.
    world = manifest("wind", "hello", {"hello": services["hello"], "greet": (services["greet"], 'provides = ["greeting"]')})
    merge = wasm_merge_command({"hello": services["hello"], "greeting": services["greet"]}, "wind-merged.wasm")
    build = [PARIGOT_OPT, "build", world, "-q", "-o", OUT / "wind.wasm"]
    sides = {"wasm-merge": lambda: child(merge), "parigot-opt build": lambda: child(build),
             "the same, contained and proved": lambda: child([*build, "--isolate=contain"])}
    rounds(1, sides)  # brings files and programs into memory
    runs = rounds(3 if quick else 15, sides)

    def ours_to_theirs(figure):
        return ratio([figure(r) for r in runs["parigot-opt build"]], [figure(r) for r in runs["wasm-merge"]])

    section.goal("Wind time, against wasm-merge", ours_to_theirs(lambda r: r.wall), at_most=1.25)
    section.goal("Peak memory, against wasm-merge", ours_to_theirs(lambda r: r.peak_bytes), at_most=1.25)
    section.table(f"Median of {len(runs['wasm-merge'])} rounds, no optimisation, names kept", ["", "seconds", "CPU seconds", "peak memory"],
                  [[name, (statistics.median(r.wall for r in of), "{:.2f}"), (statistics.median(r.cpu for r in of), "{:.2f}"),
                    (statistics.median(r.peak_bytes for r in of) / MIB, "{:.0f} MiB")] for name, of in runs.items()])

    inputs = sum(path.stat().st_size for path in services.values())
    sizes = [("the services", inputs), ("merged by wasm-merge (two memories)", (OUT / "wind-merged.wasm").stat().st_size),
             ("wound (one memory)", (OUT / "wind.wasm").stat().st_size)]
    if not quick:
        optimized = [optimize(path, f"wind-{name}-O2.wasm", "-O2") for name, path in services.items()]
        sizes.append(("the services, each after -O2", sum(path.stat().st_size for path in optimized)))
        sizes.append(("wound with -O2", wind(world, "wind-O2.wasm", "-O2").stat().st_size))
    measure_optimizing(section, world, 1 if quick else 5)
    measure_many(section, 1 if quick else 5)
    measure_ten(section)
    section.table("Size", ["", "bytes", "to the services"], [[name, (size, "{:,}"), (size / inputs, "{:.3f}")] for name, size in sizes])


def measure_optimizing(section, world, count):
    """-O2 of build, which has passes of its own for functions of Go, against Binaryen's -O2 of the same module."""
    plain = wind(world, "wind-plain.wasm")
    ours, theirs = OUT / "wind-O2.wasm", OUT / "wind-wasm-opt-O2.wasm"
    sides = {"build": lambda: child([PARIGOT_OPT, "build", world, "-q", "-o", plain]),
             "build -O2": lambda: child([PARIGOT_OPT, "build", world, "-q", "-o", ours, "-O2"]),
             "wasm-opt -O2": lambda: child(optimize_command(plain, theirs, "-O2")),
             "wasm-opt": lambda: child(optimize_command(plain, OUT / "wind-wasm-opt.wasm"))}
    runs = rounds(count, sides)
    cpu = {name: [run.cpu for run in of] for name, of in runs.items()}
    section.goal("CPU time of -O2, against Binaryen's passes",
                 ratio([a - b for a, b in zip(cpu["build -O2"], cpu["build"])], [a - b for a, b in zip(cpu["wasm-opt -O2"], cpu["wasm-opt"])]),
                 at_most=0.5)
    section.goal("Size after -O2, against Binaryen's passes", ours.stat().st_size / theirs.stat().st_size, at_most=1.02)
    section.table("Optimising", ["", "CPU seconds"], [[name, (statistics.median(of), "{:.2f}")] for name, of in cpu.items()])


def measure_many(section, count):
    """A hundred processes in C, which become coroutines, against what wasm-merge makes of the same files: of one file, and of 100."""
    echo, client = c_process("kernel-echo-c.wasm", "echo.c"), c_process("kernel-client-c.wasm", "client.c")
    for of, files in {"one file": [echo] * 99, "100 files": [renamed(echo, number) for number in range(99)]}.items():
        services = {"main": client, **{f"echo{number}": file for number, file in enumerate(files)}}
        world = deployment("wind-many", "main", {name: (file, ["1"] if name == "main" else ["echo"]) for name, file in services.items()})
        merge = wasm_merge_command(services, "wind-many-merged.wasm")
        build = [PARIGOT_OPT, "build", world, "-q", "--isolate=none", "-o", OUT / "wind-many.wasm"]
        runs = rounds(count, {"wasm-merge": lambda: child(merge), "parigot-opt build": lambda: child(build)})  # noqa: B023
        cpu = {name: [run.cpu for run in of] for name, of in runs.items()}
        section.goal(f"100 processes in C of {of}: CPU time of winding, against wasm-merge",
                     ratio(cpu["parigot-opt build"], cpu["wasm-merge"]), at_most=3)


def measure_ten(section):
    """Ten Go services without -O: the size, since their data segments are more than engines accept in a module, and the memory."""
    manifest_of_ten, services = ten_services("wind-ten")
    world = OUT / "wind-ten.wasm"
    done = child([PARIGOT_OPT, "build", manifest_of_ten, "-q", "--isolate=none", "-o", world])
    inputs = sum(path.stat().st_size for path in services.values())
    section.goal("Size of ten Go services without -O, against the sum of the files", world.stat().st_size / inputs, at_most=1.01)
    section.goal("Peak memory of winding them, MiB for each", done.peak_bytes / MIB / len(services), at_most=40)


def renamed(wasm, number):
    """A copy with a custom section that says which one it is."""
    content = b"\x06number" + str(number).encode()
    copy = OUT / f"{wasm.stem}-{number}.wasm"
    copy.write_bytes(wasm.read_bytes() + bytes([0, len(content)]) + content)
    return copy
