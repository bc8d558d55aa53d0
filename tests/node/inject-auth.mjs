// From the project's shared tools (tools/inject-auth.mjs beside PROTOCOL.md), unchanged but for this line: the suite cannot send a header itself.
// node --import inject-auth.mjs : adds "Authorization: Bearer $MCP_TEST_TOKEN" to every request to $MCP_TEST_ORIGIN
// Covers globalThis.fetch, undici.request/fetch (via diagnostics_channel) and is transparent to the suite.
import dc from 'node:diagnostics_channel';
const tok = process.env.MCP_TEST_TOKEN, origin = process.env.MCP_TEST_ORIGIN;
if (tok && origin) {
  dc.subscribe('undici:request:create', ({ request }) => {
    try {
      if (String(request.origin) !== origin) return;
      const h = request.headers;
      const has = Array.isArray(h) ? h.some((x, i) => i % 2 === 0 && String(x).toLowerCase() === 'authorization')
                                   : /(^|\r\n)authorization:/i.test(String(h));
      if (!has) request.addHeader('authorization', `Bearer ${tok}`);
    } catch (e) { console.error('inject-auth', e); }
  });
  const onHttp = ({ request }) => {
    try {
      if (`${request.protocol}//${request.getHeader('host')}` !== origin || request.headersSent) return;
      if (!request.hasHeader('authorization')) request.setHeader('authorization', `Bearer ${tok}`);
    } catch (e) { console.error('inject-auth', e); }
  };
  dc.subscribe('http.client.request.created', onHttp);   // node >= 22.12
}
