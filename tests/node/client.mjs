// An unmodified npm client walks through steps: node client.mjs sdk1|sdk2|sdk2-auto URL TOKEN STEPS
// STEPS is a JSON array of {"list":true} | {"call":NAME,"args":{},"progress":true,"cancelAfter":N} | {"ping":true}
// | {"level":"info"} | {"wait":"line on stdin"} | {"calls":[…]} (at the same time). One JSON line an outcome on stdout.
import readline from 'node:readline';

const [kind, url, token, steps] = process.argv.slice(2);
const print = line => process.stdout.write(`${JSON.stringify(line)}\n`);
const input = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const requestInit = { headers: { Authorization: `Bearer ${token}` } };

async function open() {
  const identity = { name: `symbolon-tests-${kind}`, version: '1.0.0' };
  if (kind === 'sdk1') {
    const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
    const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
    const { LoggingMessageNotificationSchema } = await import('@modelcontextprotocol/sdk/types.js');
    const client = new Client(identity);
    client.setNotificationHandler(LoggingMessageNotificationSchema, notification => print({ log: notification.params }));
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
    return { client, call: (params, options) => client.callTool(params, undefined, options) };
  }
  const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
  const client = new Client(identity, kind === 'sdk2-auto' ? { versionNegotiation: { mode: 'auto' } } : {});
  client.setNotificationHandler('notifications/message', notification => print({ log: notification.params }));
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
  return { client, call: (params, options) => client.callTool(params, options) };
}

async function run(session, step) {
  const { client, call } = session;
  if (step.list) return (await client.listTools()).tools;
  if (step.ping) return await client.ping();
  if (step.level) return await client.setLoggingLevel(step.level);
  if (step.wait) return (await input.next()).value;
  if (step.calls) return await Promise.all(step.calls.map(each => run(session, each).catch(describe)));
  const cancel = new AbortController();
  let seen = 0;
  const onprogress = progress => {
    print({ progress });
    if (step.cancelAfter === ++seen) cancel.abort('enough');
  };
  return await call({ name: step.call, arguments: step.args ?? {}, ...(step.meta ? { _meta: step.meta } : {}) },
    { signal: cancel.signal, ...(step.progress || step.cancelAfter ? { onprogress } : {}) });
}

const describe = error => ({ error: { name: error?.name, code: error?.code, message: String(error?.message ?? error), data: error?.data } });

let session;
try {
  session = await open();
  print({ connected: session.client.getServerVersion?.() ?? null, protocol: session.client.getNegotiatedProtocolVersion?.() ?? null });
} catch (error) {
  print({ connected: null, ...describe(error) });
  process.exit(0);
}
for (const [index, step] of JSON.parse(steps).entries()) {
  try { print({ step: index, result: await run(session, step) ?? null }); }
  catch (error) { print({ step: index, ...describe(error) }); }
}
await session.client.close().catch(() => {});
print({ done: true });
process.exit(0);
