// What conformance-features.mjs offers, over stdio, in the era in which it is spoken to first: node conformance-stdio.mjs
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { build } from './conformance-features.mjs';

const listed = { tools: 'sendToolListChanged', prompts: 'sendPromptListChanged', resources: 'sendResourceListChanged' };

serveStdio(({ era }) => {
  const watched = new Set();
  const server = build(what => {
    if (what in listed) server[listed[what]]();
    else if (era === 'modern' || watched.has(what)) server.server.sendResourceUpdated({ uri: what }).catch(() => {});
  });
  if (era === 'legacy') {
    server.server.setRequestHandler('resources/subscribe', async ({ params }) => { watched.add(params.uri); return {}; });
    server.server.setRequestHandler('resources/unsubscribe', async ({ params }) => { watched.delete(params.uri); return {}; });
  }
  return server;
}, { onerror: error => console.error(String(error)) });
