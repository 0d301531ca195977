"""The ways to wind a world, as data. A name is made of words, which each stand for an option of `parigot-opt build`:

    one-O2            one memory, optimised
    multi-isolated    a memory for each service, with bounds that hold
    one-contained     one memory, in which no service reaches what is not its own: the default of worlds with several services
    one-bare          one memory, in which services are not isolated
    multi-single      a memory for each service; wasm-opt --place-memories makes it one memory afterwards
    one-lawful        under the smallest laws that the services need, as parigot-opt suggests them, and checked afterwards
"""

from harness import tools
from harness.engines import MULTI_MEMORY

WORDS = {"one": [], "multi": ["--memory=multi"], "O2": ["-O2"], "O3": ["-O3"], "folded": ["--fold-bases"], "isolated": ["--isolate"],
         "contained": ["--isolate=contain"],
         "bare": ["--isolate=none"], "single": [], "lawful": []}


def options(name):
    """The options of `parigot-opt build`."""
    return [option for word in name.split("-") for option in WORDS[word]]


def placed_again(name):
    return name.endswith("-single")


def runs_on(name, engine):
    """Whether an engine can run what a winding makes."""
    return engine in MULTI_MEMORY or not name.startswith("multi") or placed_again(name)


def wind(name, manifest, output, *more):
    """Winds a world in this way; where the module is."""
    if "lawful" in name.split("-"):
        return lawful(manifest, output, *more, *options(name))
    tools.build(manifest, output, *more, *options(name))
    return tools.wasm_opt(output, output, "--place-memories") if placed_again(name) else output


def lawful(manifest, output, *more):
    """Winds a world under the laws that are suggested for it; where the module is."""
    laws = output.with_suffix(".laws.toml")
    laws.write_text(tools.checked("inspect", "--government=suggest", manifest))
    tools.build(manifest, output, "--government", laws, *more)
    tools.checked("check", output)
    tools.checked("check", output, "--government", laws)
    return output
