// Debugs a world on Node as DevTools does, through the inspector, and takes nothing but Node's own modules:
//
//   node node_client.mjs '{"command": ["host.mjs", "one", "one.wasm"], "map": "one.wasm.map", "steps": [["break", "till.c:15"],
//     ["continue"], ["into"]]}'
//
// Prints {"stops": [{"frames": [[function, file, line]]}], "exit", "output"}: a stop for each step that runs the program, with
// the innermost frame first. A frame without a source has the file null.
//
// V8 knows only offsets. So a breakpoint is set at each place where the source map begins with a line. A step skips the other
// instructions of its line, and code that has no source: both are in the list of ranges that V8 takes with a step.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const session = JSON.parse(process.argv[2]);

/** The fields of a mapping: ECMA-426, "Base64 VLQ". */
function fields(segment) {
  const numbers = [];
  let value = 0;
  let shift = 0;
  for (const digit of segment) {
    const bits = DIGITS.indexOf(digit);
    value += (bits & 31) * 2 ** shift;
    shift += 5;
    if (bits < 32) {
      numbers.push(value % 2 ? -Math.floor(value / 2) : value / 2);
      value = shift = 0;
    }
  }
  return numbers;
}

/** [{begin, file, line}] of a source map, by offset; a place without a source has the file null. */
function readMap(name) {
  const { mappings, sources } = JSON.parse(readFileSync(name, 'utf8'));
  let [begin, source, line] = [0, 0, 0];
  const known = mappings.split(',').map((segment) => {
    const [column, file, more] = fields(segment);
    begin += column;
    source += file ?? 0;
    line += more ?? 0;
    return file === undefined ? { begin, file: null, line: 0 } : { begin, file: basename(sources[source]), line: line + 1 };
  });
  return [{ begin: 0, file: null, line: 0 }, ...known];
}

const places = readMap(session.map);

/** The place that an offset lies in. */
function placeAt(offset) {
  let [low, high] = [0, places.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    [low, high] = places[middle].begin <= offset ? [middle, high] : [low, middle];
  }
  return places[low];
}

const same = (one, other) => one.file === other.file && one.line === other.line;

/** Where the code of a line begins. */
const beginsOf = (wanted) => places.filter((place, i) => same(place, wanted) && !(i && same(places[i - 1], wanted)));

const child = spawn(process.execPath, ['--inspect-brk=127.0.0.1:0', ...session.command], { stdio: ['ignore', 'pipe', 'pipe'] });
let output = '';
child.stdout.on('data', (data) => (output += data));
const ended = new Promise((done) => child.on('exit', (code) => done({ exit: code })));
const url = await new Promise((found) => {
  let said = '';
  child.stderr.on('data', (data) => {
    said += data;
    const address = /ws:\/\/\S+/.exec(said);
    if (address) {
      found(address[0]);
    }
  });
});

const socket = new WebSocket(url);
await new Promise((done) => socket.addEventListener('open', done));
const waiting = new Map(); // of requests, by number: what to call with the answer
const pauses = []; // that nobody has waited for yet
let onPause;
let script;

function send(method, params = {}) {
  const id = waiting.size + 1;
  socket.send(JSON.stringify({ id, method, params }));
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

const events = {
  'Debugger.scriptParsed': (params) => {
    if (params.url.startsWith('wasm:') && params.sourceMapURL) {
      script = params;
    }
  },
  'Debugger.paused': (params) => {
    pauses.push(params);
    onPause?.();
  },
  'NodeRuntime.waitingForDisconnect': () => socket.close(),
};

socket.addEventListener('message', ({ data }) => {
  const { id, method, params, result, error } = JSON.parse(data);
  if (id === undefined) {
    events[method]?.(params);
  } else if (error) {
    waiting.get(id).reject(new Error(JSON.stringify(error)));
  } else {
    waiting.get(id).resolve(result);
  }
});

/** The next stop; {exit} when the program ends instead. */
async function nextPause() {
  const paused = new Promise((done) => (onPause = done));
  if (!pauses.length) {
    const end = await Promise.race([paused, ended]);
    if (end) {
      return end;
    }
  }
  return pauses.shift();
}

const isOurs = ({ location }) => location.scriptId === script?.scriptId;

function frameOf(frame) {
  const { file, line } = isOurs(frame) ? placeAt(frame.location.columnNumber) : { file: null, line: 0 };
  return [frame.functionName, file, line];
}

/** What a step from a frame skips: the frame's own line, and whatever has no source. */
function skipped(frame) {
  const here = isOurs(frame) ? placeAt(frame.location.columnNumber) : { file: null };
  const ranges = [];
  places.forEach((place, i) => {
    if (place.file !== null && place.line !== 0 && !same(place, here)) {
      return;
    }
    const end = places[i + 1]?.begin ?? script.endColumn;
    const last = ranges.at(-1);
    if (last?.end.columnNumber === place.begin) {
      last.end.columnNumber = end;
    } else {
      ranges.push({
        scriptId: script.scriptId,
        start: { lineNumber: 0, columnNumber: place.begin },
        end: { lineNumber: 0, columnNumber: end },
      });
    }
  });
  return ranges;
}

const breakpoints = new Map(); // [id] by place
const run = {
  continue: () => send('Debugger.resume'),
  into: (frame) => send('Debugger.stepInto', { skipList: skipped(frame) }),
  over: (frame) => send('Debugger.stepOver', { skipList: skipped(frame) }),
  out: () => send('Debugger.stepOut'),
};

async function setBreakpoint(where) {
  const [file, line] = where.split(':');
  const set = [];
  for (const { begin } of beginsOf({ file, line: Number(line) })) {
    const { breakpointId } = await send('Debugger.setBreakpointByUrl', { url: script.url, lineNumber: 0, columnNumber: begin });
    set.push(breakpointId);
  }
  if (!set.length) {
    throw new Error(`no code at ${where}`);
  }
  breakpoints.set(where, set);
}

async function clearBreakpoint(where) {
  for (const breakpointId of breakpoints.get(where)) {
    await send('Debugger.removeBreakpoint', { breakpointId });
  }
}

await send('Runtime.enable');
await send('Debugger.enable');
await send('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true });
await send('Debugger.setInstrumentationBreakpoint', { instrumentation: 'beforeScriptWithSourceMapExecution' });
await send('Runtime.runIfWaitingForDebugger');
// The program stops at its first line, and before the module runs.
let stop = await nextPause();
while (stop.exit === undefined && !script) {
  await send('Debugger.resume');
  stop = await nextPause();
}
const stops = [];
for (const [verb, where] of session.steps) {
  if (verb === 'break') {
    await setBreakpoint(where);
  } else if (verb === 'clear') {
    await clearBreakpoint(where);
  } else {
    await run[verb](stop.callFrames[0]);
    stop = await nextPause();
    if (stop.exit !== undefined) {
      break;
    }
    stops.push({ frames: stop.callFrames.map(frameOf) });
  }
}
child.kill(stop.exit === undefined ? 'SIGKILL' : 0);
const { exit } = await ended;
console.log(JSON.stringify({ stops, exit, output }));
process.exit(0);
