// An unmodified npm client walks through steps: node client.mjs sdk1|sdk2|sdk2-auto URL TOKEN STEPS
// STEPS is a JSON array of {"list":true} | {"call":NAME,"args":{},"progress":true,"cancelAfter":N} | {"ping":true}
// | {"level":"info"} | {"wait":"line on stdin"} | {"calls":[…]} (at the same time) | {"do":METHOD,"params":…}, a method of the SDK's client
// | {"listen":FILTER}, a subscription of 2026-07-28 | {"until":"notifications/…"}, which has to come. One JSON line an outcome on stdout. With the variable CLIENT_ANSWERS it takes questions
// to a model, a person and for roots, and tells what it was asked. With CLIENT_PATIENCE it comes back for a stream for longer than an SDK does by itself.
import readline from 'node:readline';

const [kind, url, token, steps] = process.argv.slice(2);
const print = line => process.stdout.write(`${JSON.stringify(line)}\n`);
const input = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const options = {
  requestInit: { headers: { Authorization: `Bearer ${token}` } },
  ...(process.env.CLIENT_PATIENCE ? { reconnectionOptions: { initialReconnectionDelay: 200, maxReconnectionDelay: 200, reconnectionDelayGrowFactor: 1, maxRetries: 300 } } : {}),
};

const heard = [];
const answers = {
  'sampling/createMessage': () => ({ role: 'assistant', content: { type: 'text', text: 'from the model' }, model: 'test-model', stopReason: 'endTurn' }),
  'elicitation/create': () => ({ action: 'accept', content: { name: 'Ada' } }),
  'roots/list': () => ({ roots: [{ uri: 'file:///srv/work', name: 'work' }] }),
};
const changes = ['notifications/resources/updated', 'notifications/resources/list_changed', 'notifications/tools/list_changed', 'notifications/prompts/list_changed'];

/** @param schemas The SDK 1.x names what it handles by schemas, the SDK 2.x by the methods. */
function listen(client, schemas) {
  for (const method of changes) {
    client.setNotificationHandler(schemas?.[method] ?? method, ({ params }) => { heard.push(method); print({ heard: method, params: params ?? null }); });
  }
  if (!process.env.CLIENT_ANSWERS) return;
  for (const [method, answer] of Object.entries(answers)) {
    client.setRequestHandler(schemas?.[method] ?? method, async ({ params }) => { print({ asked: method, params: params ?? null }); return answer(); });
  }
}

const capabilities = process.env.CLIENT_ANSWERS ? { sampling: {}, elicitation: {}, roots: {} } : {};

async function open() {
  const identity = { name: `symbolon-tests-${kind}`, version: '1.0.0' };
  if (kind === 'sdk1') {
    const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
    const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
    const types = await import('@modelcontextprotocol/sdk/types.js');
    const { LoggingMessageNotificationSchema } = types;
    const client = new Client(identity, { capabilities });
    listen(client, {
      'sampling/createMessage': types.CreateMessageRequestSchema, 'elicitation/create': types.ElicitRequestSchema, 'roots/list': types.ListRootsRequestSchema,
      'notifications/resources/updated': types.ResourceUpdatedNotificationSchema, 'notifications/resources/list_changed': types.ResourceListChangedNotificationSchema,
      'notifications/tools/list_changed': types.ToolListChangedNotificationSchema, 'notifications/prompts/list_changed': types.PromptListChangedNotificationSchema,
    });
    client.setNotificationHandler(LoggingMessageNotificationSchema, notification => print({ log: notification.params }));
    await client.connect(new StreamableHTTPClientTransport(new URL(url), options));
    return { client, call: (params, options) => client.callTool(params, undefined, options) };
  }
  const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
  const client = new Client(identity, { capabilities, ...(kind === 'sdk2-auto' ? { versionNegotiation: { mode: 'auto' } } : {}) });
  listen(client);
  client.setNotificationHandler('notifications/message', notification => print({ log: notification.params }));
  await client.connect(new StreamableHTTPClientTransport(new URL(url), options));
  return { client, call: (params, options) => client.callTool(params, options) };
}

async function run(session, step) {
  const { client, call } = session;
  if (step.list) return (await client.listTools()).tools;
  if (step.ping) return await client.ping();
  if (step.level) return await client.setLoggingLevel(step.level);
  if (step.listen) { await client.listen(step.listen); return 'listening'; }
  if (step.do) return await client[step.do](step.params);
  if (step.until) {
    for (let tries = 0; !heard.includes(step.until); tries++) {
      if (tries === 200) throw new Error(`${step.until} did not come`);
      await new Promise(done => setTimeout(done, 50));
    }
    return step.until;
  }
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
