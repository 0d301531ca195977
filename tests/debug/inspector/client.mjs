// Debugs a world in Node or Chromium as DevTools does, through V8's inspector:
//
//   node client.mjs '{"target": "node", "command": ["host.mjs", "one", "one.wasm"], "map": "one.wasm.map", "steps": [
//     ["break", "till.c:15"], ["continue"], ["into"]]}'
//   node client.mjs '{"target": "chromium", "command": ["chromium-headless-shell", "one.wasm"], "shim": FOLDER, ..}'
//
// Prints {"stops": [{"frames": [[function, file, line]]}], "exit", "output"}: a stop for each step that runs the program, with
// the innermost frame first. A frame without a source has the file null.
//
// V8 knows only offsets. So a breakpoint is set at each place where the source map begins with a line. A step skips the other
// instructions of its line, and code that has no source: both are in the list of ranges that V8 takes with a step.
import { open as chromium } from './chromium.mjs';
import { open as node } from './node.mjs';
import { same, WorldMap } from './source_map.mjs';

const session = JSON.parse(process.argv[2]);
const map = new WorldMap(session.map);
const pauses = []; // that nobody has waited for yet
let onPause;
let script;

const target = await { node, chromium }[session.target](session, {
  'Debugger.scriptParsed': (params) => {
    if (params.scriptLanguage === 'WebAssembly' && params.sourceMapURL) {
      script = params;
    }
  },
  'Debugger.paused': (params) => {
    pauses.push(params);
    onPause?.();
  },
});
const { send } = target;

/** The next stop; {exit} when the program ends instead. */
async function nextPause() {
  const paused = new Promise((done) => (onPause = done));
  if (!pauses.length) {
    const end = await Promise.race([paused, target.ended]);
    if (end) {
      return end;
    }
  }
  return pauses.shift();
}

const isOurs = ({ location }) => location.scriptId === script?.scriptId;

function frameOf(frame) {
  const { file, line } = isOurs(frame) ? map.placeAt(frame.location.columnNumber) : { file: null, line: 0 };
  return [frame.functionName, file, line];
}

/** What a step from a frame skips: the frame's own line, and whatever has no source. */
function skipped(frame) {
  const here = isOurs(frame) ? map.placeAt(frame.location.columnNumber) : { file: null };
  const ranges = [];
  map.places.forEach((place, i) => {
    if (place.file !== null && place.line !== 0 && !same(place, here)) {
      return;
    }
    const end = map.places[i + 1]?.begin ?? script.endColumn;
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
  for (const { begin } of map.beginsOf({ file, line: Number(line) })) {
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
await send('Debugger.setInstrumentationBreakpoint', { instrumentation: 'beforeScriptWithSourceMapExecution' });
await target.start();
// The program stops before the module runs, and in Node at its first line.
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
if (stop.exit === undefined) {
  await target.kill();
}
const { exit } = await target.ended;
console.log(JSON.stringify({ stops, exit, output: target.output() }));
await target.kill();
process.exit(0);
