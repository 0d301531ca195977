"""Turns a world.toml into the plan by which the reference hosts run its services apart.

This implements the manifest's meaning a second time. It is small, and shares no code with parigot-opt, on purpose: an import binds
by the name of its module, and [[call]] says the rest.
"""

import tomllib

from harness.interface import PARIGOT, Interface

CAPACITY = 4096
# Of a [[call]] that is described by its parameters.
DESCRIPTION = ("params", "result", "allocator", "service_allocator", "service_release", "service_free")


def make_spec(folder):
    manifest = tomllib.loads((folder / "world.toml").read_text())
    services = manifest["service"]
    interfaces = {name: Interface(folder / service["wasm"]) for name, service in services.items()}
    calls = [call for name in services for call in calls_of(name, manifest, interfaces)]
    return {
        "main": manifest["world"]["main"],
        "services": [
            {"name": name, "wasm": str(folder / services[name]["wasm"]), "args": services[name].get("args"), "env": services[name].get("env")}
            for name in providers_first(manifest, calls)
        ],
        "calls": calls,
    }


def calls_of(client, manifest, interfaces):
    for module, name, signature in interfaces[client].imports:
        told = next((call for call in manifest.get("call", []) if means(call, client, module, name)), {})
        provider = told.get("service") or provider_of(module, manifest)
        if provider is None:
            continue
        export = told.get("export", name)
        assert export in interfaces[provider].exports, f"{provider} does not export {export}, which {client} imports"
        abi = "described" if "params" in told else told.get("abi") or ("parigot" if signature == PARIGOT and name.endswith("_") else "scalar")
        yield {"client": client, "module": module, "name": name, "service": provider, "export": export, "abi": abi,
               "capacity": told.get("capacity", CAPACITY), **{key: told[key] for key in DESCRIPTION if key in told}}


def means(call, client, module, name):
    return call.get("client", client) == client and call["import"] in (f"{module}.{name}", f"{module}.*")


def provider_of(module, manifest):
    return next((name for name, service in manifest["service"].items() if module in [name, *service.get("provides", [])]), None)


def providers_first(manifest, calls):
    """The order of initialisation: the manifest's, or providers before their clients, and main last."""
    order = list(manifest["world"].get("init", []))

    def visit(name, clients):
        if name in order or name in clients:
            return
        for call in calls:
            if call["client"] == name:
                visit(call["service"], [*clients, name])
        order.append(name)

    for name in manifest["service"]:
        visit(name, [manifest["world"]["main"]])
    return [*(name for name in order if name != manifest["world"]["main"]), manifest["world"]["main"]]
