// A machine client on the TypeScript SDK alone, unmodified: node machine.mjs sdk1|sdk2 MCP_URL CLIENT_ID KEY_FILE TOOL ARGUMENTS. The transport meets the
// 401 and finds its way from there with the SDK's own provider of client credentials by private_key_jwt. The key file is PKCS #8 in PEM.
import { readFileSync } from 'node:fs';

const [kind, url, clientId, keyFile, tool, args] = process.argv.slice(2);
const [{ Client }, { StreamableHTTPClientTransport }, { PrivateKeyJwtProvider }] = kind === 'sdk1'
  ? await Promise.all(['index', 'streamableHttp', 'auth-extensions'].map((name) => import(`@modelcontextprotocol/sdk/client/${name}.js`)))
  : Array(3).fill(await import('@modelcontextprotocol/client'));
const authProvider = new PrivateKeyJwtProvider({ clientId, privateKey: readFileSync(keyFile, 'utf8'), algorithm: 'ES256', expectedIssuer: new URL(url).origin });
const mcp = new Client({ name: 'machine', version: '1.0.0' });
await mcp.connect(new StreamableHTTPClientTransport(new URL(url), { authProvider }));
const result = await mcp.callTool({ name: tool, arguments: JSON.parse(args) });
console.log(JSON.stringify({ result, scope: authProvider.tokens().scope }));
await mcp.close();
