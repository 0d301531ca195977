"""What tests/e2e/run.py is made of."""

import pathlib

root = pathlib.Path(__file__).resolve().parents[3]


class Skip(Exception):
    """A test that cannot be run here; the message says why."""
