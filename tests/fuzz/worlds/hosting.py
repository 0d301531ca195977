"""Hosts as processes that stay: a request goes in as a line, an answer comes out as one."""
import json
import os
import select
import subprocess

from harness import engines

HOSTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'hosts')
MOST_SECONDS = 60


class Engine:
    def __init__(self, name, command):
        self.name, self.command, self.process = name, command, None

    def ask(self, request):
        if self.process is None:
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            self.process.stdin.write(json.dumps(request).encode() + b'\n')
            self.process.stdin.flush()
        except BrokenPipeError:
            return self.gone()
        answer = b''
        while not answer.endswith(b'\n'):
            ready, _, _ = select.select([self.process.stdout], [], [], MOST_SECONDS)
            if not ready:
                return self.gone(f'no answer for {MOST_SECONDS} seconds')
            part = os.read(self.process.stdout.fileno(), 1 << 20)
            if not part:
                return self.gone()
            answer += part
        return json.loads(answer)

    def gone(self, why=None):
        self.process.kill()
        _, said = self.process.communicate()
        code = self.process.returncode
        self.process = None
        return {'failure': f'{self.name}: {why or f"ended with {code}"}: {said.decode(errors="replace")[-1500:]}'}

    def close(self):
        if self.process:
            self.process.stdin.close()
            self.process.wait()
            self.process.stdout.close()
            self.process.stderr.close()
            self.process = None


def find():
    """({name: a function that makes an Engine}, {name: why it is missing}), as scripts/engines.sh has them."""
    found, missing = {}, {}
    for name, host in (('node', 'host.mjs'), ('wasmtime', 'host.py')):
        program, why = engines.find(engines.VARIABLES[name])
        if program:
            command = [*engines.words(name), os.path.join(HOSTS, host)]
            found[name] = lambda name=name, command=command: Engine(name, command)
        else:
            missing[name] = why
    return found, missing
