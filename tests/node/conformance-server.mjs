// The server that the official conformance suite tests, and behind the gateway: node conformance-server.mjs [legacy|modern|both]
// On the TypeScript SDK 2.x, both eras on one URL; the legacy one with sessions, an event store and polling. What it offers stands in
// conformance-features.mjs. Prints {"url": …} once it listens.
import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, isLegacyRequest, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import { build } from './conformance-features.mjs';

const era = process.argv[2] ?? 'both';
const sessions = new Map();
const listed = { tools: 'sendToolListChanged', prompts: 'sendPromptListChanged', resources: 'sendResourceListChanged' };

class EventStore {
  events = [];

  async storeEvent(stream, message) {
    this.events.push({ stream, message });
    return `${stream}/${this.events.length}`;
  }

  async getStreamIdForEventId(id) {
    return id.slice(0, id.lastIndexOf('/'));
  }

  async replayEventsAfter(last, { send }) {
    const stream = last.slice(0, last.lastIndexOf('/'));
    for (let index = Number(last.slice(last.lastIndexOf('/') + 1)); index < this.events.length; index++) {
      if (this.events[index].stream === stream) await send(`${stream}/${index + 1}`, this.events[index].message);
    }
    return stream;
  }
}

function tell(what) {
  if (what in listed) modern.notify[`${what}Changed`]();
  else modern.notify.resourceUpdated(what);
  for (const { server, watched } of sessions.values()) {
    if (what in listed) server[listed[what]]();
    else if (watched.has(what)) server.server.sendResourceUpdated({ uri: what }).catch(() => {});
  }
}

const modern = createMcpHandler(() => build(tell), { legacy: 'reject', onerror: error => console.error(String(error)) });

async function legacy(request) {
  const id = request.headers.get('mcp-session-id');
  if (id) return sessions.get(id)?.transport.handleRequest(request) ?? failure(404, -32001, 'Session not found');
  const watched = new Set();
  const server = build(tell);
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID, eventStore: new EventStore(), retryInterval: 100,
    onsessioninitialized: opened => { sessions.set(opened, { transport, server, watched }); },
    onsessionclosed: closed => { sessions.delete(closed); },
  });
  server.server.setRequestHandler('resources/subscribe', async ({ params }) => { watched.add(params.uri); return {}; });
  server.server.setRequestHandler('resources/unsubscribe', async ({ params }) => { watched.delete(params.uri); return {}; });
  await server.connect(transport);
  return transport.handleRequest(request);
}

const failure = (status, code, message, id = null) => Response.json({ jsonrpc: '2.0', id, error: { code, message } }, { status });

async function serve(request) {
  if (await isLegacyRequest(request)) return era === 'modern' ? modern.fetch(request) : legacy(request);
  return era === 'legacy' ? failure(400, -32600, 'legacy only') : modern.fetch(request);
}

const handle = toNodeHandler({ fetch: serve }, { onerror: error => console.error(String(error)) });
const host = localhostHostValidation();
const origin = localhostOriginValidation();
const http = createServer((request, response) => {
  if (host(request, response) && origin(request, response)) handle(request, response);
});
http.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: `http://127.0.0.1:${http.address().port}/mcp` })));
