"""What a deployment file means, a second time, and apart from parigot-opt's own code: as much of it as the cases use."""

import dataclasses
import tomllib


@dataclasses.dataclass
class Service:
    """A microservice of a deployment file; `wasm` is the file's name without its ending."""

    name: str
    wasm: str
    args: list
    env: list
    main: bool


def read_deployment(path, profile="dev"):
    """The services, in the order of the file."""
    services = tomllib.loads(path.read_text())["config"][profile]["microservice"]
    return [Service(name, service["WasmPath"].removesuffix(".wasm"), service.get("Arg", []), service.get("Env", []),
                    service.get("Main", False))
            for name, service in services.items()]


def make_plan(services, folder):
    """The plan of the reference host, for the wasm files in a folder."""
    return {"services": [{"name": s.name, "wasm": str(folder / f"{s.wasm}.wasm"), "args": s.args, "env": s.env, "main": s.main}
                         for s in services]}


def with_subset(services, wound, module):
    """The plan's services, with those whose names are in `wound` replaced by one process, a module of them all. It starts
    where the first of them did; what its services get as arguments and variables is in the module."""
    rest, one = [], None
    for service in services:
        if service.name not in wound:
            rest.append(service)
        elif one is None:
            one = Service("subset", module, [], [], False)
            rest.append(one)
    one.main = any(service.main for service in services if service.name in wound)
    return rest
