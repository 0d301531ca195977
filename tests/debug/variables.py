"""Variables in LLDB, attached to wasmtime: parameters, locals, globals, arrays and structures of C and Rust, in a world with Go.

The world is that of stepping/, wound once for each service that --debug-service can name: pointers of that service lead to
what they point to, and everything else is right in all of them.
"""

from harness import tools
from harness.report import Failure

import lldb_session
import stepping

# A step, the mark where it ends, {path of a variable: its value}, and those that take --debug-service: till's, and rates'.
# Before each call, the paths; "1: " is the caller. What the sources do says the values.
SESSION = [
    ("break call",),
    ("continue", "call", {"code": "1", "request": "'\\x02'", "served.orders": "1", "served.last[0]": "2", "served.last[1]": "250",
                          "1: order.pieces": "2", "1: order.price": "250", "1: req_len": "2"},
     {"till": {"order->pieces": "2", "order->price": "250", "1: *req": "'\\x02'"}}),
    ("over", "over", {"code": "0", "rates[0]": "'d'", "got": None}, {}),
    ("continue", "call", {"served.orders": "2", "served.last[0]": "3", "1: order.pieces": "3"}, {"till": {"order->pieces": "3"}}),
    ("clear call",),
    ("break many",),
    ("continue", "many", {"pieces": "'\\x03'", "rate": "'d'", "ASKED": "-2", "RULE.least": "'\\x03'", "RULE.less": "'\\n'",
                          "1: pieces": "'\\x03'", "1: req_len": "1"},
     {"rates": {"rule->less": "'\\n'", "1: *req": "'\\x03'"}}),
]
SERVICES = ("till", "rates")


def steps(service):
    stop = stepping.marks()["stop"]
    made = []
    for step, *more in SESSION:
        verb, *names = step.split()
        made.append([verb, *(stop[name] for name in names)])
        if more:
            _, values, pointers = more
            made.append(["show", [*values, *pointers.get(service, {})]])
    return made


def check(service, result):
    wanted = [(step, *more) for step, *more in SESSION if more]
    for (step, mark, values, pointers), stop in zip(wanted, result["stops"], strict=True):
        expected = {**values, **pointers.get(service, {})}
        wrong = {path: (stop["shown"][path], value) for path, value in expected.items() if value is not None and stop["shown"][path] != value}
        if wrong:
            raise Failure(f"{step}, at {mark}: LLDB says, and expected: {wrong}")
    if result["exit"] != 0 or result["output"] != stepping.OUTPUT:
        raise Failure(f"the program ended with {result['exit']} and printed {result['output']!r}")


def tests(folder):
    """{name: function} of all sessions, with the services that stepping.world() compiled there."""
    def run(service):
        module = tools.build(folder / "world.toml", folder / f"{service}-first.wasm", "-q", "-g", "--debug-service", service)
        check(service, lldb_session.run(module, steps(service)))

    return {f"session variables of {service}": lambda service=service: run(service) for service in SERVICES}
