#!/usr/bin/env python3
"""Tests the runtime modules without the pass that merges them.

The Go programs of tests/gojs/programs are run with gojs-gc beside them (host.mjs), and under the JavaScript of their Go
version on Node: standard output, exit code and the files left behind must be the same. Modules for TinyGo are called by
a program in JavaScript (tinygo.mjs), and gojs-gc by one that misuses it (hostile.mjs).

    tests/runtime/run.py [--go=1.21.13]... [TEST]...

A version of Go comes from the Go module proxy, by GOTOOLCHAIN. Programs are kept in build/tests/runtime.
"""
import argparse, os, pathlib, shutil, subprocess, sys, tempfile, threading, time, tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "tests/gojs/programs"
BUILD = ROOT / "build/tests/runtime"
HOST = ROOT / "tests/runtime/host.mjs"
MODULES = ROOT / "build/lib/runtime"
RUNTIME = MODULES / "gojs-gc.wasm"
NODE = os.environ.get("PARIGOT_NODE") or "node"
GO = os.environ.get("PARIGOT_GO") or shutil.which("go") or "/usr/local/go/bin/go"
SERVICE = ROOT / "tests/gojs/exports/export.go"  # called through what it exports
SERVICE_SAYS = "ready\nadd 2 3 call 1\n5\nadd 20 30 call 2\n50\n"
THEN_ADD = "data:text/javascript,export default (e) => { console.log(e.add(2, 3)); console.log(e.add(20, 30)); }"


def go_environment(version):
    return {**os.environ, "GOFLAGS": "-mod=mod", "GOTOOLCHAIN": f"go{version}" if version else "local"}


def go_env(version, name):
    return subprocess.run([GO, "env", name], env=go_environment(version), text=True, capture_output=True, check=True).stdout.strip()


def build(source, version, tag):
    wasm = BUILD / tag / f"{source.stem}.wasm"
    if not wasm.exists() or wasm.stat().st_mtime < source.stat().st_mtime:
        wasm.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([GO, "build", "-o", wasm, source], env={**go_environment(version), "GOOS": "js", "GOARCH": "wasm"},
                       check=True, cwd=wasm.parent)
    return wasm


def run(command, case, directory):
    pieces = case.get("stdin", [])
    env = {"PATH": os.environ["PATH"], "PWD": str(directory), **case.get("env", {})}
    process = subprocess.Popen([str(part) for part in command], cwd=directory, env=env, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def feed():
        try:
            for piece in pieces:
                time.sleep(0.06)
                process.stdin.write(piece.encode())
                process.stdin.flush()
            process.stdin.close()
        except BrokenPipeError:
            pass
    feeder = threading.Thread(target=feed)
    feeder.start()
    out, err = [], []
    readers = [threading.Thread(target=lambda to=to, stream=stream: to.append(stream.read()))
               for to, stream in ((out, process.stdout), (err, process.stderr))]
    for reader in readers:
        reader.start()
    try:
        process.wait(timeout=120)
    except subprocess.TimeoutExpired:
        process.kill()
        err.append(b"killed after 120 seconds")
    for thread in [feeder, *readers]:
        thread.join()
    left = sorted((str(path.relative_to(directory)), path.read_bytes() if path.is_file() else None)
                  for path in directory.rglob("*"))
    return process.returncode, b"".join(out).decode(errors="backslashreplace"), b"".join(err).decode(errors="backslashreplace"), left


def compare(source, case, version, tag, glue):
    """What is wrong with a program; nothing if it is all right."""
    wasm = build(source, version, tag)
    arguments = case.get("args", [])
    host = [NODE, "--no-warnings", "--stack-size=4000", HOST]
    with tempfile.TemporaryDirectory() as ours, tempfile.TemporaryDirectory() as theirs:
        env = [f"--env={key}={value}" for key, value in {"PWD": ours, **case.get("env", {})}.items()]
        if source == SERVICE:
            host += ["--service", f"--then={THEN_ADD}"]
        code, out, err, left = run([*host, f"--cwd={ours}", *env, RUNTIME, wasm, *arguments], case, pathlib.Path(ours))
        if "stdout" in case:
            expected_code, expected_out, expected_left = case.get("exit", 0), case["stdout"], left
        else:
            expected_code, expected_out, _, expected_left = run([NODE, "--stack-size=4000", glue, wasm, *arguments], case, pathlib.Path(theirs))
            if expected_code != case.get("exit", 0):
                yield f"under JavaScript it exits with {expected_code}"
    if code != expected_code:
        yield f"exit code {code}, not {expected_code}: {err[-2000:]}"
    if out != expected_out:
        yield f"standard output is {out[-3000:]!r}, not {expected_out[-3000:]!r}"
    if left != expected_left:
        yield f"files {[f[0] for f in left]}, not {[f[0] for f in expected_left]}"
    if "stderr" in case and err != case["stderr"]:
        yield f"standard error {err!r}, not {case['stderr']!r}"


def script(*command):
    done = subprocess.run([NODE, "--no-warnings", *map(str, command)], text=True, capture_output=True)
    if done.returncode:
        yield f"exit code {done.returncode}: {(done.stdout + done.stderr)[-2000:]}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--go", action="append", help="a version, as in 1.21.13")
    parser.add_argument("tests", nargs="*")
    options = parser.parse_args()
    cases = {path.stem: tomllib.loads(path.read_text()) for path in PROGRAMS.glob("*.toml")}
    cases[SERVICE.stem] = {"go": 24, "stdout": SERVICE_SAYS}
    failures = count = 0

    def report(name, problems):
        nonlocal failures, count
        if options.tests and name.split()[0] not in options.tests:
            return
        problems = list(problems)
        count += 1
        failures += bool(problems)
        for problem in problems:
            print(f"FAIL {name}: {problem}")
        if not problems:
            print(f"ok {name}", flush=True)

    for module in sorted(MODULES.glob("gojs-tinygo-*.wasm")):
        report(module.stem, script(ROOT / "tests/runtime/tinygo.mjs", module))
    report("hostile", script(ROOT / "tests/runtime/hostile.mjs", RUNTIME))
    for version in options.go or [None]:
        tag = version or go_env(None, "GOVERSION").removeprefix("go")
        # Toolchains that come as modules lack their JavaScript before 1.24; the newest does for all since 1.21.
        roots = [pathlib.Path(go_env(v, "GOROOT")) for v in (version, None)]
        glue = next(p for root in roots for p in (root / "lib/wasm/wasm_exec_node.js", root / "misc/wasm/wasm_exec_node.js") if p.exists())
        for source in [*sorted(PROGRAMS.glob("*.go")), SERVICE]:
            case = cases.get(source.stem, {})
            if int(tag.split(".")[1]) >= case.get("go", 0):
                report(f"{source.stem} (Go {tag})", compare(source, case, version, tag, glue))
    print(f"runtime: {count - failures} passed, {failures} failed, 0 skipped")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
