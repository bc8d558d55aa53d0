// A server of 2026-07-28 with the extension for tasks (SEP-2663), by hand, since @modelcontextprotocol/server has none: node tasks.mjs
// Its tools are those that the official suite's scenarios tasks-* ask for. Prints {"url": …} once it listens.
import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';

const version = '2026-07-28';
const extension = 'io.modelcontextprotocol/tasks';
const metaName = 'io.modelcontextprotocol/';
const tasks = new Map();
const text = (value, more) => ({ content: [{ type: 'text', text: value }], ...more });
const complete = (value = {}) => ({ resultType: 'complete', ...value });
const pause = (seconds, signal) => new Promise(done => {
  const timer = setTimeout(done, seconds * 1000);
  signal.addEventListener('abort', () => { clearTimeout(timer); done(); });
});
const ask = (message, name) => ({ method: 'elicitation/create', params: { mode: 'form', message, requestedSchema: { type: 'object', properties: { [name]: { type: 'string' } }, required: [name] } } });

class Failure extends Error {
  constructor(code, message, data, status = 400) { super(message); Object.assign(this, { code, data, status }); }
}

const missing = () => new Failure(-32021, 'The client has not declared tasks.', { requiredCapabilities: { extensions: { [extension]: {} } } });

/** What each does in its task; what it waits for of the client is put into the task. */
const work = {
  slow_compute: async ({ seconds, label }, task) => { await pause(seconds ?? 0, task.stop.signal); return text(`computed ${label ?? ''}`); },
  failing_job: async (_, task) => { await pause(1, task.stop.signal); return text('it failed', { isError: true }); },
  protocol_error_job: async (_, task) => { await pause(0.1, task.stop.signal); throw new Failure(-32603, 'The job broke.'); },
  confirm_delete: async (_, task) => text(`confirmed ${JSON.stringify(await answersTo(task, { confirm: ask('Delete it?', 'confirm') }))}`),
  multi_input: async (_, task) => text(`answered ${JSON.stringify(await answersTo(task, { first: ask('The first?', 'value'), second: ask('The second?', 'value') }))}`),
  test_tool_with_task: async ({ user_name }) => text(`Hello, ${user_name}!`),
};
const required = new Set(['failing_job', 'test_tool_with_task']);
const schemas = { greet: { name: { type: 'string' } }, slow_compute: { seconds: { type: 'number' }, label: { type: 'string' } } };

function answersTo(task, requests) {
  Object.assign(task, { status: 'input_required', inputRequests: requests, answers: {} });
  return new Promise(done => { task.answered = done; });
}

function begin(tool, args) {
  const now = new Date().toISOString();
  const task = { taskId: randomUUID(), status: 'working', createdAt: now, stop: new AbortController() };
  tasks.set(task.taskId, task);
  task.ended = work[tool](args, task).then(
    result => task.status !== 'cancelled' && Object.assign(task, { status: 'completed', result: complete(result) }),
    ({ code = -32603, message }) => task.status !== 'cancelled' && Object.assign(task, { status: 'failed', error: { code, message } }));
  return task;
}

const metadata = ({ taskId, status, createdAt }) => ({ taskId, status, createdAt, lastUpdatedAt: new Date().toISOString(), ttlMs: 600_000, pollIntervalMs: 200 });

async function call({ name, arguments: args = {}, inputResponses }, hasTasks) {
  if (name === 'greet') return complete(text(`Hello, ${args.name}!`));
  if (!Object.hasOwn(work, name)) throw new Failure(-32602, `There is no tool '${name}'.`);
  if (!hasTasks && required.has(name)) throw missing();
  if (name === 'test_tool_with_task') {
    const said = inputResponses?.user_name?.content;
    if (!said) return { resultType: 'input_required', inputRequests: { user_name: ask('What is your name?', 'user_name') } };
    args = { user_name: said.user_name ?? Object.values(said)[0] };
  }
  const task = begin(name, args);
  if (hasTasks && !(name === 'slow_compute' && !args.seconds)) return { resultType: 'task', ...metadata(task) };
  await task.ended;
  tasks.delete(task.taskId);
  return task.result ?? (() => { throw new Failure(task.error.code, task.error.message, undefined, 200); })();
}

const found = id => tasks.get(id) ?? (() => { throw new Failure(-32602, 'There is no such task.', undefined, 400); })();

const methods = {
  'server/discover': () => complete({
    ttlMs: 0, cacheScope: 'private', supportedVersions: [version], capabilities: { tools: {}, extensions: { [extension]: {} } }, serverInfo: { name: 'tasks', version: '1.0.0' },
  }),
  'tools/list': () => complete({
    ttlMs: 0, cacheScope: 'private',
    tools: ['greet', ...Object.keys(work)].map(name => ({ name, description: `The tool ${name}.`, inputSchema: { type: 'object', properties: schemas[name] ?? {} } })),
  }),
  'tools/call': (params, hasTasks) => call(params, hasTasks),
  'tasks/get': ({ taskId }) => {
    const task = found(taskId);
    const { inputRequests, result, error } = task;
    return complete({ ...metadata(task), ...(task.status === 'input_required' ? { inputRequests } : {}), ...(result ? { result } : {}), ...(error ? { error } : {}) });
  },
  'tasks/update': ({ taskId, inputResponses }) => {
    const task = found(taskId);
    for (const [key, answer] of Object.entries(inputResponses ?? {})) {
      if (task.inputRequests?.[key] === undefined) continue;
      const { [key]: _, ...rest } = task.inputRequests;
      Object.assign(task, { inputRequests: rest, answers: { ...task.answers, [key]: answer } });
    }
    if (task.status === 'input_required' && Object.keys(task.inputRequests).length === 0) {
      task.status = 'working';
      task.answered(task.answers);
    }
    return complete();
  },
  'tasks/cancel': ({ taskId }) => {
    const task = found(taskId);
    if (task.status === 'working' || task.status === 'input_required') {
      task.status = 'cancelled';
      task.stop.abort();
    }
    return complete();
  },
};

async function answer(headers, { method, params = {} }) {
  const meta = params._meta ?? {};
  const name = method === 'tools/call' ? params.name : method?.startsWith('tasks/') ? params.taskId : undefined;
  if (headers['mcp-protocol-version'] !== version || meta[`${metaName}protocolVersion`] !== version)
    throw new Failure(-32022, 'Unsupported protocol version', { supported: [version], requested: meta[`${metaName}protocolVersion`] ?? headers['mcp-protocol-version'] ?? '' });
  if (!Object.hasOwn(methods, method)) throw new Failure(-32601, 'Method not found', undefined, 404);
  if (headers['mcp-method'] !== method || (name !== undefined && headers['mcp-name'] !== name)) throw new Failure(-32020, 'Headers and body differ.');
  const hasTasks = meta[`${metaName}clientCapabilities`]?.extensions?.[extension] !== undefined;
  if (method.startsWith('tasks/') && !hasTasks) throw missing();
  return methods[method](params, hasTasks);
}

const http = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  if (request.method !== 'POST') return response.writeHead(405, { allow: 'POST' }).end();
  const message = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  if (message.id === undefined) return response.writeHead(202).end();
  const reply = (status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id: message.id, ...body }));
  try { reply(200, { result: await answer(request.headers, message) }); }
  catch ({ status = 500, code = -32603, message: words, data }) { reply(status, { error: { code, message: words, ...(data ? { data } : {}) } }); }
});
http.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: `http://127.0.0.1:${http.address().port}/mcp` })));
