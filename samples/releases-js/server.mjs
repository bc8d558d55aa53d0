// An MCP server on the TypeScript SDK whose key and tokens are held by symbolon sidecar:
//   node server.mjs --url http://127.0.0.1:7003 [--sidecar unix:PATH --api https://releases.example.com] [--end-with-input]
// Without --sidecar it lists its tools, to be registered, and runs none.
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { Sidecar } from './sidecar.mjs';

const { values: options } = parseArgs({
  options: { url: { type: 'string' }, sidecar: { type: 'string' }, api: { type: 'string' }, 'end-with-input': { type: 'boolean' } },
});
const url = new URL(options.url);
if (url.hostname !== '127.0.0.1') throw new Error('--url must be an address of 127.0.0.1.');
const sidecar = options.sidecar ? new Sidecar(options.sidecar) : undefined;
const calls = new AsyncLocalStorage();

async function ask(method, { namespace, name }) {
  const text = (value, isError = false) => ({ content: [{ type: 'text', text: value }], isError });
  if (!sidecar) return text('This server was started without --sidecar: it lists its tools, to be registered, and runs none.', true);
  const target = `${options.api}/namespaces/${encodeURIComponent(namespace)}/releases/${encodeURIComponent(name)}`;
  const answer = await sidecar.forward(method, target, calls.getStore());
  if (answer.refused) return text(`There is no token for this call: ${answer.refused}`, true);
  if (answer.status === 204) return text(`${name} is deleted.`);
  if (answer.status === 200) return text(answer.body);
  return text(answer.status === 404 ? `There is no release ${name}.` : `The API answered ${answer.status}.`, true);
}

function build() {
  const server = new McpServer({ name: 'releases', version: '1.0.0' });
  const inputSchema = z.object({
    namespace: z.string().describe('The namespace, for example checkout.'),
    name: z.string().describe('The release, for example web.'),
  });
  server.registerTool('rollout_status', {
    title: 'Rollout status', description: 'Shows how far a release is rolled out.', inputSchema, annotations: { readOnlyHint: true, openWorldHint: false },
  }, release => ask('GET', release));
  server.registerTool('delete_release', {
    title: 'Delete a release', description: 'Deletes a release with everything that runs for it. This cannot be undone.', inputSchema,
    annotations: { destructiveHint: true, openWorldHint: false },
  }, release => ask('DELETE', release));
  return server;
}

const handler = createMcpHandler(build, { legacy: 'stateless', onerror: error => console.error(String(error)) });

// Nobody but the gateway is answered.
async function admit(request, response) {
  if (!sidecar) return {};
  const verdict = await sidecar.verify(request);
  if (verdict.dpop_nonce) response.setHeader('dpop-nonce', verdict.dpop_nonce);
  if (verdict.active) return { token: request.headers.authorization.split(' ')[1], traceparent: request.headers.traceparent };
  if (verdict.challenge) response.setHeader('www-authenticate', verdict.challenge);
  if (verdict.retry_after) response.setHeader('retry-after', verdict.retry_after);
  response.writeHead(verdict.status).end();
  return undefined;
}

const http = createServer(async (request, response) => {
  try {
    if (!['127.0.0.1', 'localhost'].includes((request.headers.host ?? '').split(':')[0])) return response.writeHead(403).end();
    const call = await admit(request, response);
    if (!call) return undefined;
    if (new URL(request.url, url).pathname !== '/mcp') return response.writeHead(404).end();
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const asked = new Request(new URL(request.url, url), { method: request.method, headers, body: chunks.length ? Buffer.concat(chunks) : undefined, signal: gone.signal });
    const answer = await calls.run(call, () => handler.fetch(asked));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body) for await (const chunk of answer.body) response.write(chunk);
    return response.end();
  } catch (error) {
    console.error(String(error));
    return response.headersSent ? response.destroy() : response.writeHead(500).end();
  }
});

http.listen(Number(url.port), url.hostname, () => console.log(`listening on ${url.origin}/mcp`));
if (options['end-with-input']) process.stdin.resume().on('end', () => process.exit(0));
