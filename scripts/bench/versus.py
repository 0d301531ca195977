"""What becomes of services when wasm-merge merges them, and when they are wound. Each cell was tried."""

from build import OUT, ROOT, c_service, inspect, manifest, optimize, run, wasm_merge_command, wind
from measure import engines, run_on


SPEAK = "first: hello\nsecond: hello, 41, initialised\nfirst: the second answered 42\n"
# What hello says by itself to Ada, Blaise and Clara.
GREETING = """\
Hello, Ada! You are visitor 1; visits of yours: 1.
Bonjour, Blaise ! Vous êtes le visiteur 2 ; c'est votre visite 1.
Guten Tag, Clara! Sie sind Gast Nummer 3; Ihr Besuch Nummer 1.
Hello, Ada! You are visitor 4; visits of yours: 2.
"""


def worlds():
    """name -> (services, main first; the manifest; what they print)"""
    main = c_service("speak-main.wasm", "speak.c", main=True, flags=["-DMAIN"])
    second = c_service("speak-second.wasm", "speak.c")
    services = {"first": main, "second": second}
    yield "both print", services, manifest("speak", "first", services, [("first", "second.speak_", "second", "scalar")]), SPEAK
    folder = ROOT / run([ROOT / "examples/greeting/build.sh", "--c"]).strip()
    # wasm-merge binds by the name of the module that is imported.
    services = {"hello": folder / "hello.wasm", "greeting": folder / "greet.wasm", "count": folder / "count.wasm"}
    yield "calls carry bytes", services, folder / "world.toml", GREETING


def verdict(run, expected):
    if run.exit == 0 and run.output == expected:
        return "right"
    if run.exit is None:
        return "never ends"
    if not run.figures.get("compile"):
        return "refused"
    if run.exit == 134:
        return "traps"
    return "wrong output"


def measure(section, _quick):
    section.title("Against wasm-merge")
    names = list(engines(section))
    rows, errors = [], {}
    for world, services, toml, expected in worlds():
        stem = world.replace(" ", "-")
        run(wasm_merge_command(services, f"{stem}-merged.wasm"))
        # The lowering takes only one exported memory.
        run(wasm_merge_command(services, f"{stem}-to-lower.wasm", conflicts="skip"))
        variants = {
            "wasm-merge": OUT / f"{stem}-merged.wasm",
            "wasm-merge, wasm-opt --multi-memory-lowering": optimize(OUT / f"{stem}-to-lower.wasm", f"{stem}-lowered.wasm",
                                                                     "--multi-memory-lowering"),
            "parigot-opt build": wind(toml, f"{stem}.wasm"),
            "parigot-opt build -O2": wind(toml, f"{stem}-O2.wasm", "-O2"),
        }
        for how, module in variants.items():
            cells = []
            for engine in names:
                ran = run_on(engine, module, check=False, seconds=30)
                cells.append(verdict(ran, expected))
                if cells[-1] != "right":
                    said = (ran.figures["error"] or ran.output).strip().splitlines()
                    errors[f"{world}, {how}, {engine}"] = f"`{' / '.join(said)[:160]}`" if said else "prints nothing"
            rows.append([world, how, (len(inspect(module)["memories"]), "{}"), *cells])
    section.table("WASI services in C", ["services", "made by", "memories", *names], rows)
    section.note("Why:\n\n" + "\n".join(f"- {what}: {why}" for what, why in errors.items()))
