// A machine client with a bound token, on npm's oauth4webapi, unmodified: node dpop.mjs MCP_URL CLIENT_ID KEY_FILE TOOL ARGUMENTS. The key file is PKCS #8
// in PEM. It asks without a nonce first, is told one, gets a token, lets it be verified as a resource server would, and has the TypeScript SDK 2.x walk through
// a session in which each request has a proof of its own. Then it shows the token as a thief would. One line of JSON a step.
import { readFileSync } from 'node:fs';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { importPKCS8 } from 'jose';
import * as oauth from 'oauth4webapi';

const [url, clientId, keyFile, tool, args] = process.argv.slice(2);
const insecure = { [oauth.allowInsecureRequests]: true };
const say = (step, value) => console.log(JSON.stringify({ step, ...value }));
const resource = new URL(url);
const client = { client_id: clientId };

const guarded = await oauth.processResourceDiscoveryResponse(resource, await oauth.resourceDiscoveryRequest(resource, insecure));
const issuer = new URL(guarded.authorization_servers[0]);
const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }));
say('metadata', { server: as.dpop_signing_alg_values_supported, resource: guarded.dpop_signing_alg_values_supported });

const key = await importPKCS8(readFileSync(keyFile, 'utf8'), 'ES256');
const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
const nonces = [];
const again = async attempt => {
  try {
    return await attempt();
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error;
    nonces.push(error.error ?? error.cause?.[0]?.parameters?.error);
    return await attempt();
  }
};
const granted = await again(async () => oauth.processClientCredentialsResponse(as, client, await oauth.clientCredentialsGrantRequest(
  as, client, oauth.PrivateKeyJwt(key), new URLSearchParams({ resource: guarded.resource, scope: guarded.scopes_supported.join(' ') }), { DPoP, ...insecure })));
say('token', { type: granted.token_type, jkt: await DPoP.calculateThumbprint(), nonces: [...nonces] });

// What the gateway gets is also what another resource server, on this library, would accept.
let seen;
const fetching = async (address, init = {}) => again(() => oauth.protectedResourceRequest(granted.access_token, init.method ?? 'GET', new URL(address), new Headers(init.headers), init.body ?? undefined, {
  DPoP, signal: init.signal, ...insecure,
  [oauth.customFetch]: (to, options) => {
    seen = new Request(to, { method: options.method, headers: options.headers });
    return fetch(to, options);
  },
}));
const mcp = new Client({ name: 'dpop', version: '1.0.0' });
await mcp.connect(new StreamableHTTPClientTransport(resource, { fetch: fetching }));
const tools = (await mcp.listTools()).tools.map(each => each.name);
const called = await mcp.callTool({ name: tool, arguments: JSON.parse(args) });
say('called', { tools, result: called });
const claims = await oauth.validateJwtAccessToken(as, seen, guarded.resource, { requireDPoP: true, signingAlgorithms: ['ES256'], ...insecure });
say('validated', { sub: claims.sub, jkt: claims.cnf.jkt });
await mcp.close();

const about = await oauth.processIntrospectionResponse(as, client, await oauth.introspectionRequest(as, client, oauth.PrivateKeyJwt(key), granted.access_token, insecure));
say('introspected', { active: about.active, type: about.token_type, jkt: about.cnf?.jkt });

const steal = async (scheme, headers) => {
  const answer = await fetch(url, { method: 'POST', headers: { authorization: `${scheme} ${granted.access_token}`, ...headers } });
  return { status: answer.status, challenge: answer.headers.get('www-authenticate'), code: (await answer.json()).error?.data?.code };
};
say('as a bearer token', await steal('Bearer', {}));
say('without a proof', await steal('DPoP', {}));
say('with a proof that was used', await steal('DPoP', { dpop: seen.headers.get('dpop') }));
