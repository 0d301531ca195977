#!/usr/bin/env python3
"""Runs the Go programs of tests/e2e/gojs/programs with the runtime module gojs-gc beside them, and under the JavaScript of
their Go version on Node: standard output, exit code and the files left behind must be the same.

    tests/runtime/run.py [--go=1.21.13]... [PROGRAM]...

Versions other than the Go in use come from the Go module proxy, by GOTOOLCHAIN. Programs are kept in build/tests/runtime.
"""
import argparse, os, pathlib, re, shutil, subprocess, sys, tempfile, threading, time, tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "tests/gojs/programs"
BUILD = ROOT / "build/tests/runtime"
HOST = ROOT / "tests/runtime/host.mjs"
RUNTIME = ROOT / "build/lib/runtime/gojs-gc.wasm"
NODE = os.environ.get("PARIGOT_NODE") or "node"
GO = os.environ.get("PARIGOT_GO") or shutil.which("go") or "/usr/local/go/bin/go"
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
    return process.returncode, b"".join(out).decode(), b"".join(err).decode(), left


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--go", action="append", help="a version, as in 1.21.13")
    parser.add_argument("programs", nargs="*")
    options = parser.parse_args()
    cases = tomllib.loads((PROGRAMS / "cases.toml").read_text())
    failures = count = 0
    for version in options.go or [None]:
        tag = version or go_env(None, "GOVERSION").removeprefix("go")
        # Toolchains that come as modules lack theirs before 1.24; the newest does for all since 1.21.
        roots = [pathlib.Path(go_env(v, "GOROOT")) for v in (version, None)]
        glue = next(p for root in roots for p in (root / "lib/wasm/wasm_exec_node.js", root / "misc/wasm/wasm_exec_node.js") if p.exists())
        for source in sorted(PROGRAMS.glob("*.go")):
            name = source.stem
            case = cases.get(name, {})
            if options.programs and name not in options.programs or int(tag.split(".")[1]) < case.get("go", 0):
                continue
            wasm = build(source, version, tag)
            arguments = case.get("args", [])
            host = [NODE, "--no-warnings", "--stack-size=8000", HOST]
            with tempfile.TemporaryDirectory() as ours, tempfile.TemporaryDirectory() as theirs:
                env = [f"--env={key}={value}" for key, value in {"PWD": ours, **case.get("env", {})}.items()]
                if name == "export":
                    host += ["--service", f"--then={THEN_ADD}"]
                code, out, err, left = run([*host, f"--cwd={ours}", *env, RUNTIME, wasm, *arguments], case, pathlib.Path(ours))
                if name == "export":
                    expected = (0, "ready\nadd 2 3 call 1\n5\nadd 20 30 call 2\n50\n", None)
                elif case.get("exit") == 70:
                    expected = (70, "so far function\n" if name == "needs-javascript" else "", None)
                else:
                    expected = run([NODE, "--stack-size=8000", glue, wasm, *arguments], case, pathlib.Path(theirs))
                    expected = (expected[0], expected[1], expected[3])
                    if expected[0] != case.get("exit", 0):
                        print(f"{tag} {name}: under JavaScript it exits with {expected[0]}")
            problems = []
            if code != expected[0]:
                problems.append(f"exit code {code}, not {expected[0]}: {err[-2000:]}")
            if out != expected[1]:
                problems.append("standard output is\n" + out[-3000:] + "\nnot\n" + expected[1][-3000:])
            if expected[2] is not None and left != expected[2]:
                problems.append(f"files {[f[0] for f in left]}, not {[f[0] for f in expected[2]]}")
            if "stderr" in case and err != case["stderr"]:
                problems.append(f"standard error {err!r}, not {case['stderr']!r}")
            count += 1
            failures += bool(problems)
            print(f"{tag} {name}: {'failed' if problems else 'ok'}", flush=True)
            for problem in problems:
                print("  " + problem.replace("\n", "\n  "))
    print(f"runtime: {count - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
