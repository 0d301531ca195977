"""An instance on wasmtime, with WASI of which the module sees its name and standard output."""

from wasmtime import Config, Engine, Linker, Module, Store, WasiConfig


def instantiate(file):
    """(store, exports) of a module, of which no function has been called."""
    config = Config()
    config.cache = True  # of compiled modules, in the user's folder
    engine = Engine(config)
    store, linker = Store(engine), Linker(engine)
    linker.define_wasi()
    wasi = WasiConfig()
    wasi.argv = ["program"]
    wasi.inherit_stdout()
    wasi.inherit_stderr()
    store.set_wasi(wasi)
    return store, linker.instantiate(store, Module.from_file(engine, file)).exports(store)
