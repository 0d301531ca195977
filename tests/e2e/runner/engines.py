"""The hosts that run worlds, one for each engine; README.md says what they have in common."""

from runner import root
from runner.services import tool

HOSTS = root / "tests/e2e/hosts"

# engine -> function that gives the words of its host's command, or raises Skip where the engine is missing.
ENGINES = {
    "node": lambda: [tool("PARIGOT_NODE", "Node"), str(HOSTS / "node/host.mjs")],
    "wasmtime": lambda: [tool("PARIGOT_PYTHON", "wasmtime"), str(HOSTS / "wasmtime/host.py")],
    "wazero": lambda: [tool("PARIGOT_WAZERO_HOST", "wazero")],
}
MULTI_MEMORY = {"node", "wasmtime"}  # engines that can have more than one memory
