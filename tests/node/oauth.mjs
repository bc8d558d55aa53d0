// A machine client on npm's oauth4webapi, unmodified: node oauth.mjs MCP_URL CLIENT_ID KEY_FILE TOOL ARGUMENTS. The key file is PKCS #8 in PEM.
// It finds the way from the 401 of the MCP address, gets a token by private_key_jwt, has it verified as a resource server would, calls the tool with
// the TypeScript SDK, asks about the token, gives it back, and calls again. One line of JSON a step.
import { readFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { importPKCS8 } from 'jose';
import * as oauth from 'oauth4webapi';

const [url, clientId, keyFile, tool, args] = process.argv.slice(2);
const insecure = { [oauth.allowInsecureRequests]: true };
const say = (step, value) => console.log(JSON.stringify({ step, ...value }));
const resource = new URL(url);

const refused = await fetch(url, { method: 'POST' });
const challenge = refused.headers.get('www-authenticate');
say('challenge', { status: refused.status, challenge });

const guarded = await oauth.processResourceDiscoveryResponse(resource, await oauth.resourceDiscoveryRequest(resource, insecure));
say('resource', guarded);
const issuer = new URL(guarded.authorization_servers[0]);
const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }));
say('server', { issuer: as.issuer });

const client = { client_id: clientId };
const key = await importPKCS8(readFileSync(keyFile, 'utf8'), 'ES256');
const proof = () => oauth.PrivateKeyJwt(key);
const granted = await oauth.processClientCredentialsResponse(as, client, await oauth.clientCredentialsGrantRequest(
  as, client, proof(), new URLSearchParams({ resource: guarded.resource, scope: guarded.scopes_supported.join(' ') }), insecure));
say('token', { type: granted.token_type, scope: granted.scope, expires: granted.expires_in });

const shown = new Request(url, { headers: { authorization: `Bearer ${granted.access_token}` } });
const claims = await oauth.validateJwtAccessToken(as, shown, guarded.resource, insecure);
say('validated', { sub: claims.sub, aud: claims.aud, client_id: claims.client_id });

const call = async () => {
  const mcp = new Client({ name: 'oauth', version: '1.0.0' });
  try {
    await mcp.connect(new StreamableHTTPClientTransport(resource, { requestInit: { headers: { authorization: `Bearer ${granted.access_token}` } } }));
    return { result: await mcp.callTool({ name: tool, arguments: JSON.parse(args) }) };
  } catch (error) {
    return { error: `${error.code ?? ''} ${error.message}` };
  } finally {
    await mcp.close().catch(() => {});
  }
};
say('called', await call());

const about = async () => (await oauth.processIntrospectionResponse(as, client, await oauth.introspectionRequest(as, client, proof(), granted.access_token, insecure))).active;
say('active', { active: await about() });
await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, proof(), granted.access_token, insecure));
say('given back', { active: await about() });
say('called again', await call());
