"""What tests/parigot/run.py is made of."""

from harness import paths

HERE = paths.TESTS / "parigot"
WORK = paths.work("parigot")
