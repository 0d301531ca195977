// A world on Node, in a host of tests/e2e that waits for a debugger.
import { spawn } from 'node:child_process';
import { addressFrom, connect } from './protocol.mjs';

/** What client.mjs needs of a target: requests, how it starts and ends, and what it printed. */
export async function open(session, events) {
  const child = spawn(process.execPath, ['--inspect-brk=127.0.0.1:0', ...session.command], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  const ended = new Promise((done) => child.on('exit', (code) => done({ exit: code })));
  const { send, close } = await connect(await addressFrom(child), { ...events, 'NodeRuntime.waitingForDisconnect': () => close() });
  return {
    send,
    ended,
    output: () => output,
    kill: () => child.kill('SIGKILL'),
    async start() {
      await send('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true });
      await send('Runtime.runIfWaitingForDebugger');
    },
  };
}
