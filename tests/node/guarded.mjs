// A server on the TypeScript SDK 2.x that answers only who shows a value that it accepts: node guarded.mjs VALUE
// Prints {"url": …} once it listens. Reads `accept VALUE…`, values parted by commas, from standard input: those alone are good from then on; prints `accepting N`.
// The value is compared with the whole Authorization header. Prints `refused` for each request that shows another.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

let accepted = [process.argv[2]];

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'guarded', version: '1.0.0' });
  server.registerTool('work', { description: 'Takes a moment.', inputSchema: z.object({}) }, async () => {
    await new Promise(done => setTimeout(done, 100));
    return { content: [{ type: 'text', text: 'done' }] };
  });
  return server;
}, { legacy: 'stateless' });

const http = createServer(async (request, response) => {
  try {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    if (!accepted.includes(request.headers.authorization)) {
      console.log('refused');
      return response.writeHead(401).end();
    }
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const answer = await handler.fetch(new Request(`http://localhost${request.url}`, {
      method: request.method, headers, body: chunks.length ? Buffer.concat(chunks) : undefined, signal: gone.signal,
    }));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body) for await (const chunk of answer.body) response.write(chunk);
    response.end();
  } catch (error) {
    console.error(String(error));
    response.destroy();
  }
});

createInterface({ input: process.stdin }).on('line', line => {
  if (!line.startsWith('accept ')) return;
  accepted = line.slice('accept '.length).split(',');
  console.log(`accepting ${accepted.length}`);
});
http.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: `http://127.0.0.1:${http.address().port}/mcp` })));
