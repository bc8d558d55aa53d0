// A server on the TypeScript SDK 2.x, both eras on one URL: node server.mjs [legacy|modern|both]
// Prints {"url": …} once it listens. GET /recorded answers what arrived, request by request, headers and raw body.
import { createServer } from 'node:http';
import { AsyncLocalStorage } from 'node:async_hooks';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

const era = process.argv[2] ?? 'both';
const arrived = new AsyncLocalStorage();
const recorded = [];
const text = value => ({ content: [{ type: 'text', text: value }] });
const pause = (milliseconds, signal) => new Promise((done, failed) => {
  const timer = setTimeout(done, milliseconds);
  signal?.addEventListener('abort', () => { clearTimeout(timer); failed(new Error('cancelled')); });
});

function build() {
  const server = new McpServer({ name: 'sdk2-fixture', version: '1.0.0' }, { capabilities: { logging: {} } });
  server.registerTool('echo', { description: 'Answers the request exactly as it arrived.', inputSchema: z.looseObject({}) },
    async () => text(arrived.getStore().body));
  server.registerTool('add', {
    description: 'Adds two numbers.', inputSchema: z.object({ a: z.number(), b: z.number() }), annotations: { readOnlyHint: true },
  }, async ({ a, b }) => text(String(a + b)));
  server.registerTool('slow', {
    description: 'Counts up, telling its progress.', inputSchema: z.object({ steps: z.number(), milliseconds: z.number() }),
  }, async ({ steps, milliseconds }, context) => {
    const token = context.mcpReq._meta?.progressToken;
    for (let step = 1; step <= steps; step++) {
      await pause(milliseconds, context.mcpReq.signal).catch(error => { recorded.push({ cancelled: true }); throw error; });
      if (token !== undefined) {
        await context.mcpReq.notify({ method: 'notifications/progress', params: { progressToken: token, progress: step, total: steps } });
      }
    }
    return text(`counted to ${steps}`);
  });
  server.registerTool('log', { description: 'Writes a log message, then answers.', inputSchema: z.object({ message: z.string() }) },
    async ({ message }, context) => {
      await context.mcpReq.log('info', message);
      return text('logged');
    });
  server.registerTool('wipe', { description: 'Deletes everything.', inputSchema: z.object({}), annotations: { destructiveHint: true } },
    async () => text('wiped'));
  return server;
}

const handler = createMcpHandler(context => {
  if (era === 'legacy' && context.era === 'modern') throw new Error('this server is legacy only');
  return build();
}, { legacy: era === 'modern' ? 'reject' : 'stateless', onerror: error => console.error(String(error)) });

const http = createServer(async (request, response) => {
  if (request.url === '/recorded') return response.end(JSON.stringify(recorded));
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString('utf8');
  recorded.push({ method: request.method, headers: request.headers, rawHeaders: request.rawHeaders, body });
  if (era === 'legacy' && body.includes('io.modelcontextprotocol/protocolVersion')) {
    response.writeHead(400, { 'content-type': 'application/json' });
    return response.end('{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"legacy only"}}');
  }
  const gone = new AbortController();
  response.on('close', () => { if (!response.writableEnded) gone.abort(); });
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const asked = new Request(`http://localhost${request.url}`, {
    method: request.method, headers, body: chunks.length ? body : undefined, signal: gone.signal,
  });
  try {
    const answer = await arrived.run({ body }, () => handler.fetch(asked));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body) for await (const chunk of answer.body) response.write(chunk);
  } catch (error) {
    console.error(String(error));
    if (!response.headersSent) response.writeHead(500);
  }
  response.end();
});
http.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: `http://127.0.0.1:${http.address().port}/mcp` })));
