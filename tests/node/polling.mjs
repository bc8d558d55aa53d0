// A server that lets its clients come back for an answer: node polling.mjs [sdk1|sdk2]
// On the TypeScript SDK 1.x or 2.x, with sessions and an event store. Prints {"url": …} once it listens, then `call` for each tools/call
// that arrives and `resumed` for each GET with Last-Event-ID. Its tool `work` closes the stream of its own call as often as it is told,
// goes on meanwhile, and answers where the client comes back; `lost` closes it too, and the event store forgets everything. `held` tells
// that it began, and answers when there is a line on stdin.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { McpServer as OldServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

const isNew = process.argv[2] === 'sdk2';
const sessions = new Map();
const input = createInterface({ input: process.stdin });
const pause = milliseconds => new Promise(done => setTimeout(done, milliseconds));

class EventStore {
  events = [];
  forgetful = false;

  async storeEvent(stream, message) {
    this.events.push({ stream, message });
    return `${stream}/${this.events.length}`;
  }

  async getStreamIdForEventId(id) {
    return this.forgetful ? undefined : id.slice(0, id.lastIndexOf('/'));
  }

  async replayEventsAfter(last, { send }) {
    const at = Number(last.slice(last.lastIndexOf('/') + 1));
    const stream = last.slice(0, last.lastIndexOf('/'));
    for (let index = at; index < this.events.length; index++) {
      if (this.events[index].stream === stream) await send(`${stream}/${index + 1}`, this.events[index].message);
    }
    return stream;
  }
}

function build(store) {
  const server = new (isNew ? McpServer : OldServer)({ name: 'polling', version: '1.0.0' });
  const close = context => (isNew ? context.http.closeSSE : context.closeSSEStream)();
  const tell = (context, progress) => {
    const token = (isNew ? context.mcpReq._meta : context._meta)?.progressToken;
    if (token === undefined) return;
    const notification = { method: 'notifications/progress', params: { progressToken: token, progress } };
    return isNew ? context.mcpReq.notify(notification) : context.sendNotification(notification);
  };
  const shape = { closes: z.number(), milliseconds: z.number() };
  server.registerTool('work', { description: 'Works, and tells how far it is.', inputSchema: isNew ? z.object(shape) : shape },
    async ({ closes, milliseconds }, context) => {
      for (let i = 1; i <= closes; i++) {
        await tell(context, i);
        close(context);
        await pause(milliseconds);
      }
      return { content: [{ type: 'text', text: `closed ${closes} times` }] };
    });
  server.registerTool('lost', { description: 'Loses what it stored.', inputSchema: isNew ? z.object({}) : {} }, async (_, context) => {
    store.forgetful = true;
    close(context);
    return { content: [] };
  });
  server.registerTool('held', { description: 'Waits to be told.', inputSchema: isNew ? z.object({}) : {} }, async (_, context) => {
    const go = once(input, 'line');
    await tell(context, 1);
    console.log(`told ${await go}`);
    return { content: [{ type: 'text', text: 'was told' }] };
  });
  return server;
}

const http = createServer(async (request, response) => {
  try {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = chunks.length ? JSON.parse(Buffer.concat(chunks).toString('utf8')) : undefined;
    if (body?.method === 'tools/call') console.log('call');
    if (request.headers['last-event-id']) console.log('resumed');
    const known = sessions.get(request.headers['mcp-session-id']);
    if (known) return await known.handleRequest(request, response, body);
    if (body?.method !== 'initialize') return response.writeHead(400).end();
    const eventStore = new EventStore();
    const transport = new (isNew ? NodeStreamableHTTPServerTransport : StreamableHTTPServerTransport)({
      sessionIdGenerator: randomUUID, eventStore, retryInterval: 300, onsessioninitialized: id => void sessions.set(id, transport),
    });
    await build(eventStore).connect(transport);
    await transport.handleRequest(request, response, body);
  } catch (error) {
    console.error(String(error));
    response.destroy();
  }
});
http.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: `http://127.0.0.1:${http.address().port}/mcp` })));
