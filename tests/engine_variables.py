"""What scripts/engines.sh found, for suites that are run without it in front."""
import functools
import os
import shlex
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


@functools.cache
def all_of_them():
    script = os.path.join(ROOT, 'scripts', 'engines.sh')
    said = subprocess.run([script, '--env'], stdout=subprocess.PIPE, text=True, check=False).stdout
    return dict(shlex.split(line)[0].split('=', 1) for line in said.splitlines())


def find(variable):
    """The value of one of the variables, or None, and else why there is none."""
    variables = all_of_them()
    return variables.get(variable) or None, variables.get(f'{variable}_MISSING', 'scripts/engines.sh failed')
