// A world in a page of Chromium without a screen. A server of our own has the page, the module, and WASI for browsers.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { addressFrom, connect } from './protocol.mjs';

const TYPES = { '.wasm': 'application/wasm', '.js': 'text/javascript', '.html': 'text/html' };
const PAGE = new URL('page.html', import.meta.url);

function serve({ command: [, module], shim }) {
  const server = createServer((request, response) => {
    const path = request.url;
    const file = path === '/' ? PAGE : path === '/one.wasm' ? module : path.startsWith('/shim/') ? join(shim, path.slice(6)) : null;
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': TYPES[extname(String(file))] }).end(readFileSync(file));
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}

/** As in node.mjs. */
export async function open(session, events) {
  const server = await serve(session);
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  const words = ['--no-sandbox', '--disable-gpu', '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'];
  const child = spawn(session.command[0], words, { stdio: ['ignore', 'ignore', 'pipe'] });
  let finish;
  const ended = new Promise((done) => (finish = done));
  child.on('exit', (code) => {
    rmSync(profile, { recursive: true, force: true });
    finish({ exit: code });
  });
  let output = '';
  let sessionId;
  const handlers = {
    ...events,
    // The page says what it prints, and its exit code.
    'Runtime.bindingCalled': ({ name, payload }) => {
      if (name === 'print') {
        output += payload;
      } else {
        finish({ exit: Number(payload) });
      }
    },
  };
  const { send } = await connect(await addressFrom(child), handlers, () => (sessionId ? { sessionId } : {}));
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  ({ sessionId } = await send('Target.attachToTarget', { targetId, flatten: true }));
  return {
    send,
    ended,
    output: () => output,
    // Its other processes end with it only if it closes by itself.
    async kill() {
      const gone = new Promise((done) => child.on('exit', done));
      if (child.exitCode === null) {
        sessionId = undefined;
        send('Browser.close').catch(() => {});
        const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
        await gone;
        clearTimeout(timer);
      }
    },
    async start() {
      await send('Page.enable');
      await send('Runtime.addBinding', { name: 'print' });
      await send('Runtime.addBinding', { name: 'exited' });
      await send('Page.navigate', { url: `http://127.0.0.1:${server.address().port}/` });
    },
  };
}
