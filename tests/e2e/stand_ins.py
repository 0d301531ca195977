"""Services that are cut, replaced, recorded and played back, on real engines: the case stand-ins in other worlds."""

import json
import re
import zlib

from harness import engines, process, tools
from harness.compiled import cached
from harness.engines import ENGINES, EXIT_TRAP
from harness.report import Failure
from harness.services import CService

RUN_ON = {"single": ("node", "wazero"), "multi": ("node", "wasmtime")}
LAYOUTS = ("single", "multi")


def read_world(work):
    return (work / "world.toml").read_text()


def tests(case_at):
    """name -> function that raises Failure. case_at(name, folder) is a case whose work folder is ours."""

    def prepared(folder):
        case = case_at("stand-ins", folder)
        case.prepare()
        return case

    def run(work, module, data=None, exit_code=0):
        """What each engine prints, which is the same."""
        outputs = {}
        for engine in RUN_ON["multi" if "multi" in module else "single"]:
            words = [*ENGINES[engine](), "one", work / module, "--arg0=main"]
            if data:
                data.mkdir(exist_ok=True)
                words.append(f"--dir={data}::/data")
            done = process.run(words, env=engines.environment())
            if done.returncode != exit_code:
                raise Failure(f"{engine}: exit code {done.returncode}, expected {exit_code}: {done.stderr}")
            outputs[engine] = (done.stdout, done.stderr)
            if len({stdout for stdout, _ in outputs.values()}) > 1:
                raise Failure(f"engines differ: {outputs}")
        return outputs["node"]

    def winds(work, *options, manifest="world.toml", layout="single"):
        module = f"one-{layout}.wasm"
        tools.build(work / manifest, work / module, f"--memory={layout}", *options)
        return module

    def refused(work, expected, *options, manifest="world.toml"):
        done = tools.parigot_opt("build", work / manifest, "-o", work / "refused.wasm", *options)
        if done.returncode == 0 or expected not in done.stderr:
            raise Failure(f"{options}: exit code {done.returncode}, expected {expected!r} in: {done.stderr}")

    def changed(case, lines):
        """What the case prints, with other lines in place of those that begin so."""
        text = (case.folder / "expected").read_text()
        for start, line in lines.items():
            found = [old for old in text.split("\n") if old.startswith(start)]
            if not found:
                raise Failure(f"nothing begins with {start!r}")
            for old in found:
                text = text.replace(old + "\n", line + "\n")
        return text

    def same(actual, expected, what):
        if actual != expected:
            raise Failure(f"{what}: printed\n{actual}expected\n{expected}")

    def cut_calls_get_an_error():
        case = prepared("cut")
        (case.work / "greet.wasm").unlink()  # needs no file
        expected = changed(case, {"greet Ada": "greet Ada: 3 ", "greet Blaise": "greet Blaise: 3 ", "greet nobody": "greet nobody: 3 "})
        for layout in LAYOUTS:
            stdout, _ = run(case.work, winds(case.work, "--cut", "greet", layout=layout))
            same(stdout, expected, layout)
        stdout, _ = run(case.work, winds(case.work, "--cut", "greet=7", "--cut", "store", "--cut", "count=5"))
        for start in ("greet Ada", "greet Blaise", "greet nobody"):
            expected = re.sub(f"(?m)^{start}: .*$", f"{start}: 7 ", expected)
        expected = re.sub("(?m)^add .*$", "add 5", expected).replace("half 1.5", "half 5")
        expected = re.sub("(?m)^get (.*?): .*$", r"get \1: error error 3", expected)
        same(stdout, expected, "three services")

    def cut_calls_trap():
        case = prepared("trap")
        _, stderr = run(case.work, winds(case.work, "--cut", "greet=trap"), exit_code=EXIT_TRAP)
        if "call_of_cut_service" not in stderr:
            raise Failure(f"no reason in the back trace: {stderr}")

    def what_is_cut_is_gone():
        case = prepared("gone")
        done = tools.parigot_opt("build", case.work / "world.toml", "-o", case.work / "one.wasm", "--cut", "greet")
        if not re.search(r"cut: greet\. \d+ of \d+ functions, which nothing calls any more, are gone", done.stderr):
            raise Failure(f"no summary: {done.stderr}")
        sizes = {}
        for options in ((), ("--cut", "greet")):
            module = tools.build(case.work / "world.toml", case.work / "sized.wasm", "-O2", *options)
            sizes[options] = module.stat().st_size
        if sizes[()] <= sizes[("--cut", "greet")]:
            raise Failure(f"nothing is smaller: {sizes}")

    def a_module_replaces_a_service():
        case = prepared("replace")
        source = case.folder / "mock.c"
        compiler = CService([], False)
        compile_it = lambda work, output: compiler.compile(source.read_text(), source, work, output)  # noqa: E731
        mock = cached([source.read_text(), "mock", *compiler.key()], compile_it)
        expected = changed(case, {"greet Ada": "greet Ada: 0 mock of 3 bytes", "greet Blaise": "greet Blaise: 0 mock of 6 bytes",
                                  "greet nobody": "greet nobody: 0 mock of 6 bytes"})
        for layout in LAYOUTS:
            stdout, _ = run(case.work, winds(case.work, "--replace", f"greet={mock}", layout=layout))
            same(stdout, expected, layout)
        # Everything that is missing is said at once.
        done = tools.parigot_opt("build", case.work / "world.toml", "-o", case.work / "refused.wasm", "--replace", f"count={mock}")
        if done.returncode == 0 or not all(f"\n    {name} " in done.stderr for name in ("add", "half")):
            raise Failure(f"exit code {done.returncode}: {done.stderr}")

    def replies_stand_in():
        case = prepared("replies")
        replies = """
[[reply]]
service = "greet"
method = "fetch_greeting_"
text = "first"
[[reply]]
service = "greet"
method = "fetch_greeting_"
hex = "7365 63 6f6e 64"
after = "30ms"
[[reply]]
service = "greet"
method = "fetch_greeting_"
request = "no"
error = 12
[[reply]]
service = "count"
method = "add"
text = "-7"
[[reply]]
service = "count"
method = "half"
text = "2.25"
[[reply]]
service = "store"
method = "get"
request = "col"
text = "red"
[[reply]]
service = "store"
method = "get"
text = "gone"
error = 1
"""
        (case.work / "replies.toml").write_text(replies)
        (case.work / "own.toml").write_text(read_world(case.work) + replies)
        for name in ("greet", "count", "store"):
            (case.work / f"{name}.wasm").unlink()
        expected = ("greet Ada: 0 first\ngreet Blaise: 0 second\ngreet nobody: 12 \ngreet Ada: 0 second\nadd -7\nadd -7\nhalf 2.25\n"
                    "get color: value red\nget none: error gone\n")
        for layout in LAYOUTS:
            stdout, _ = run(case.work, winds(case.work, "--replies", case.work / "replies.toml", layout=layout))
            same(stdout, expected, layout)
        stdout, _ = run(case.work, winds(case.work, manifest="own.toml"))
        same(stdout, expected, "in the manifest")
        (case.work / "wrong.toml").write_text(replies.replace('"add"', '"ad"').replace('"2.25"', '"much"'))
        refused(case.work, "nothing in this world calls 'ad' of the service 'count'; did you mean 'add'?", "--replies", case.work / "wrong.toml")

    def a_recording_takes_the_place_of_a_service():
        case = prepared("record")
        plain = (case.folder / "expected").read_text()
        files = {name: f"{name}.calls" for name in ("greet", "count", "store")}
        options = [word for name, file in files.items() for word in ("--record", f"{name}={file}")]
        for layout in LAYOUTS:
            data = case.work / f"data-{layout}"
            stdout, _ = run(case.work, winds(case.work, *options, layout=layout), data)
            same(stdout, plain, f"recorded, {layout}")
        lines = (data / "greet.calls").read_text().split("\n")
        calls = [json.loads(line) for line in lines if line]
        if calls[0]["parigot-recording"] != 1 or calls[0]["service"] != "greet" or len(calls) != 5:
            raise Failure(f"the recording: {lines}")
        if (bytes.fromhex(calls[2]["request"]), bytes.fromhex(calls[2]["reply"]), calls[3]["error"]) != (b"Blaise", b"Hello, Blaise (2)", 9):
            raise Failure(f"the recording: {lines}")
        for line in lines[:-1]:
            front = line[:line.rindex(',"check"')]
            if f"{zlib.crc32(front.encode()):08x}" != json.loads(line)["check"]:
                raise Failure(f"the checksum of {line}")
        for name, file in files.items():
            replay = f'[[reply]]\nservice = "{name}"\nfrom = "{data / file}"\n'
            (case.work / "replay.toml").write_text(read_world(case.work) + replay)
            stdout, _ = run(case.work, winds(case.work, manifest="replay.toml"))
            same(stdout, plain, f"played back, {name}")
        text = (data / "greet.calls").read_text()
        replay = '[[reply]]\nservice = "greet"\nfrom = "some.calls"\n'
        (case.work / "replay.toml").write_text(read_world(case.work) + replay)
        for damaged, message in ((text[:-5], "not complete"), (text.replace("426c", "426d", 1), "checksum"), ("", "empty"),
                                 ("{}\n", "no recording"), (text.replace(lines[3] + "\n", lines[3].replace("9", "8", 1) + "\n"), "checksum")):
            (case.work / "some.calls").write_text(damaged)
            refused(case.work, message, manifest="replay.toml")
        # A call that was not recorded.
        (case.work / "some.calls").write_text("".join(line + "\n" for line in lines if b"Blaise".hex() not in line and line))
        stdout, stderr = run(case.work, winds(case.work, manifest="replay.toml"))
        same(stdout, changed(case, {"greet Blaise": "greet Blaise: 3 "}), "a call is missing")
        wanted = r'has no reply to fetch_greeting_ with the request "Blaise"; the nearest one in \S*some.calls is "Ada"'
        if not re.search(wanted, stderr):
            raise Failure(f"standard error: {stderr}")

    named = (cut_calls_get_an_error, cut_calls_trap, what_is_cut_is_gone, a_module_replaces_a_service, replies_stand_in,
             a_recording_takes_the_place_of_a_service)
    return {function.__name__.replace("_", "-"): function for function in named}
