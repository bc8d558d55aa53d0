// A server on the TypeScript SDK 2.x over stdio, which speaks the era in which it is spoken to first: node stdio.mjs
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

serveStdio(() => {
  const server = new McpServer({ name: 'sdk2-stdio', version: '1.0.0' }, { capabilities: { tools: {} } });
  const text = value => ({ content: [{ type: 'text', text: value }] });
  server.registerTool('add', {
    description: 'Adds two numbers.', inputSchema: z.object({ a: z.number(), b: z.number() }), annotations: { readOnlyHint: true },
  }, async ({ a, b }) => text(String(a + b)));
  server.registerTool('slow', {
    description: 'Counts up, telling its progress.', inputSchema: z.object({ steps: z.number(), milliseconds: z.number() }),
  }, async ({ steps, milliseconds }, context) => {
    const token = context.mcpReq._meta?.progressToken;
    for (let step = 1; step <= steps; step++) {
      await new Promise((done, failed) => {
        const timer = setTimeout(done, milliseconds);
        context.mcpReq.signal.addEventListener('abort', () => { clearTimeout(timer); console.error(`cancelled at ${step}`); failed(new Error('cancelled')); });
      });
      if (token !== undefined) {
        await context.mcpReq.notify({ method: 'notifications/progress', params: { progressToken: token, progress: step, total: steps } });
      }
    }
    return text(`counted to ${steps}`);
  });
  return server;
});
