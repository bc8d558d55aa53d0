// A server on the TypeScript SDK 2.x that is told who asks: node identity.mjs ISSUER
// Prints {"url": …} once it listens, and for each request `asked METHOD SUBJECT`, or `asked METHOD -` where no good token came.
// Its tool `whoami` answers with what the token of its own call says, verified by jose against the issuer's JWKS.
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { z } from 'zod';

const issuer = process.argv[2];
const keys = createRemoteJWKSet(new URL(`${issuer}/oauth/jwks`));
const asking = new AsyncLocalStorage();
let url = '';

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'identity', version: '1.0.0' });
  server.registerTool('whoami', { description: 'Says who asks.', inputSchema: z.object({}) }, async () => ({
    content: [{ type: 'text', text: JSON.stringify(asking.getStore() ?? null) }],
  }));
  return server;
}, { legacy: 'stateless' });

async function whoAsks(token) {
  if (typeof token !== 'string') return null;
  try {
    const { payload } = await jwtVerify(token, keys, { issuer, audience: url, typ: 'symbolon-identity+jwt', algorithms: ['ES256'], maxTokenAge: 65 });
    return payload;
  } catch {
    return null;
  }
}

const http = createServer(async (request, response) => {
  try {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const who = await whoAsks(request.headers['symbolon-identity']);
    const method = chunks.length ? JSON.parse(Buffer.concat(chunks).toString('utf8')).method : request.method;
    console.log(`asked ${method} ${who?.sub ?? '-'}`);
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const answer = await asking.run(who, () => handler.fetch(new Request(`http://localhost${request.url}`, {
      method: request.method, headers, body: chunks.length ? Buffer.concat(chunks) : undefined, signal: gone.signal,
    })));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body) for await (const chunk of answer.body) response.write(chunk);
    response.end();
  } catch (error) {
    console.error(String(error));
    response.destroy();
  }
});

http.listen(0, '127.0.0.1', () => {
  url = `http://127.0.0.1:${http.address().port}/mcp`;
  console.log(JSON.stringify({ url }));
});
