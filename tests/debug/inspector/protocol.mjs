// The inspector's protocol over a WebSocket: https://chromedevtools.github.io/devtools-protocol.

/** A function that sends a request, and gives the promise of its result; events go to handlers by their names. */
export async function connect(url, events, common = () => ({})) {
  const socket = new WebSocket(url);
  await new Promise((done, fail) => {
    socket.addEventListener('open', done);
    socket.addEventListener('error', () => fail(new Error(`no connection to ${url}`)));
  });
  const waiting = new Map(); // of requests, by number: what to call with the answer
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
  const send = (method, params = {}) => {
    const id = waiting.size + 1;
    socket.send(JSON.stringify({ id, method, params, ...common() }));
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  };
  return { send, close: () => socket.close() };
}

/** The address that a program prints on standard error when its inspector listens. */
export function addressFrom(child) {
  return new Promise((found, fail) => {
    let said = '';
    child.stderr.on('data', (data) => {
      said += data;
      const address = /ws:\/\/\S+/.exec(said);
      if (address) {
        found(address[0]);
      }
    });
    child.on('exit', (code) => fail(new Error(`it ended with ${code}: ${said}`)));
  });
}
