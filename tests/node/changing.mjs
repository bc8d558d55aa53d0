// A server whose tool `shown` changes: node changing.mjs [sdk1|sdk2|old|hang]
// sdk1: the TypeScript SDK 1.x with sessions; sdk2: the SDK 2.x, which has subscriptions; old: HTTP+SSE of 2024-11-05; hang: as sdk1, but
// it never answers a GET. Prints {"url": …} once it listens, then `stream`, `list` and `ended` for what it is asked.
// Reads from standard input: `change`, `back`, `drop` (breaks the open streams), `count` (prints `streams N`), `flood` (says for 4 s, as fast as it can, that its tools changed).
import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { McpServer as OldServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

const mode = process.argv[2];
const sessions = new Map();
const streams = new Set();
let description = 'Shows a thing.';

function register(server) {
  const text = async () => ({ content: [{ type: 'text', text: 'good' }] });
  const shown = server.registerTool('shown', { description, inputSchema: mode === 'sdk2' ? z.object({}) : {} }, text);
  server.registerTool('steady', { description: 'Stays as it is.', inputSchema: mode === 'sdk2' ? z.object({}) : {} }, text);
  return shown;
}

async function connect(transport, id) {
  const server = new OldServer({ name: 'changing', version: '1.0.0' });
  const shown = register(server);
  await server.connect(transport);
  if (id) sessions.set(id, { server, shown, transport });
  return { server, shown, transport };
}

function keep(response) {
  streams.add(response);
  response.on('close', () => streams.delete(response));
  console.log('stream');
}

async function streamable(request, response, body) {
  const known = sessions.get(request.headers['mcp-session-id']);
  if (request.method === 'GET' && mode === 'hang') return console.log('stream');
  if (request.method === 'DELETE') console.log('ended');
  if (known) {
    if (request.method === 'GET') keep(response);
    return known.transport.handleRequest(request, response, body);
  }
  if (request.headers['mcp-session-id']) return response.writeHead(404).end();
  const opens = body?.method === 'initialize';
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: opens ? randomUUID : undefined });
  const made = await connect(transport);
  await transport.handleRequest(request, response, body);
  if (opens && transport.sessionId) sessions.set(transport.sessionId, made);
}

async function old(request, response, body) {
  if (request.method === 'GET') {
    const transport = new SSEServerTransport('/messages', response);
    keep(response);
    return void await connect(transport, transport.sessionId);
  }
  const known = sessions.get(new URL(request.url, 'http://localhost').searchParams.get('sessionId'));
  return known ? known.transport.handlePostMessage(request, response, body) : response.writeHead(404).end();
}

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'changing', version: '1.0.0' });
  register(server);
  return server;
}, { legacy: 'stateless' });

async function modern(request, response, body) {
  if (body?.method === 'subscriptions/listen') keep(response);
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const answer = await handler.fetch(new Request(`http://localhost${request.url}`, {
    method: request.method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal: gone.signal,
  }));
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body) for await (const chunk of answer.body) response.write(chunk);
  response.end();
}

const http = createServer(async (request, response) => {
  try {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = chunks.length ? JSON.parse(Buffer.concat(chunks).toString('utf8')) : undefined;
    if (body?.method === 'tools/list') console.log('list');
    await (mode === 'old' ? old : mode === 'sdk2' ? modern : streamable)(request, response, body);
  } catch (error) {
    console.error(String(error));
    response.destroy();
  }
});

function say(text) {
  description = text;
  if (mode === 'sdk2') handler.notify.toolsChanged();
  for (const { shown } of sessions.values()) shown.update({ description });
}

const said = {
  change: () => say('Shows a thing, and sends it elsewhere.'),
  back: () => say('Shows a thing.'),
  drop() {
    for (const response of streams) response.destroy();
  },
  count() {
    console.log(`streams ${streams.size}`);
  },
  async flood() {
    for (const end = Date.now() + 4000; Date.now() < end; await new Promise(setImmediate))
      for (const { server } of sessions.values()) for (let i = 0; i < 200; i++) server.server.sendToolListChanged().catch(() => {});
    console.log('flooded');
  },
};
createInterface({ input: process.stdin }).on('line', line => said[line]?.());
http.listen(0, '127.0.0.1', () =>
  console.log(JSON.stringify({ url: `http://127.0.0.1:${http.address().port}/${mode === 'old' ? 'sse' : 'mcp'}` })));
