// An API under another authorization server: node foreign.mjs ISSUER PORT CLIENT [SECRET]
// The authorization server is oidc-provider, at PORT. CLIENT is registered there by the keys at ISSUER/oauth/jwks (private_key_jwt), or with SECRET (client_secret_basic); it may
// ask for itself (client_credentials), exchange a token (RFC 8693), or ask on behalf of somebody (RFC 7523). What it shows of a caller is verified by jose.
// Beside it is an MCP server on the TypeScript SDK 2.x that takes this authorization server's tokens alone. Its tool `whoami` says what the token of its own call says.
// Prints {"url": …, "token": …} once both listen, for each token request {"grant": …, "scope": …, "audience": …, "form": …, "headers": …}, and for each request to the MCP server {"asked": METHOD, "sub": …, "authorization": …}.
// Reads lines from standard input: `refuse CODE` has every grant but client_credentials refused with that error, `allow` takes it back.
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import Provider, { errors } from 'oidc-provider';
import { z } from 'zod';

const [ours, place, client, secret] = process.argv.slice(2);
const api = 'https://api.example.com';
const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const behalf = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const jwt = 'urn:ietf:params:oauth:token-type:jwt';
const accessToken = 'urn:ietf:params:oauth:token-type:access_token';
const scopes = 'orders.read orders.write';

const say = line => console.log(JSON.stringify(line));
const theirKeys = createRemoteJWKSet(new URL(`${ours}/oauth/jwks`));
const listen = (server, port) => new Promise(done => server.listen(port, '127.0.0.1', () => done(server.address().port)));
const bodyOf = async request => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
};
let refusal = null;

const issuer = `http://127.0.0.1:${place}`;
const { privateKey } = await generateKeyPair('ES256', { extractable: true });
const signingKey = { ...await exportJWK(privateKey), kid: 'theirs', use: 'sig', alg: 'ES256' };

const provider = new Provider(issuer, {
  jwks: { keys: [signingKey] },
  clients: [{
    client_id: client,
    grant_types: ['client_credentials', exchange, behalf],
    redirect_uris: [], response_types: [], id_token_signed_response_alg: 'ES256',
    ...(secret ? { client_secret: secret, token_endpoint_auth_method: 'client_secret_basic' }
      : { token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'ES256', jwks_uri: `${ours}/oauth/jwks` }),
  }],
  clientAuthMethods: ['private_key_jwt', 'client_secret_basic'],
  enabledJWA: { clientAuthSigningAlgValues: ['ES256'] },
  scopes: scopes.split(' '),
  // It keeps off addresses of this machine unless it is told otherwise; ours is one.
  fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => api,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: scopes, audience: api, accessTokenFormat: 'jwt', accessTokenTTL: 120, jwt: { sign: { alg: 'ES256' } } }),
    },
  },
  formats: { customizers: { jwt: (context, token, made) => { Object.assign(made.payload, context.delegated); return made; } } },
});
provider.on('server_error', (context, error) => console.error(error));

async function delegate(context, assertion, answer) {
  if (refusal) throw new errors.CustomOIDCProviderError(refusal, 'words of a stranger');
  let claims;
  try {
    const verified = await jwtVerify(assertion, theirKeys, { issuer: ours, audience: `${issuer}/token`, typ: 'authorization-grant+jwt', algorithms: ['ES256'], maxTokenAge: 65, requiredClaims: ['sub', 'jti', 'exp'] });
    claims = verified.payload;
  } catch (error) {
    throw new errors.InvalidGrant(String(error));
  }
  const unique = await provider.ReplayDetection.unique(claims.iss, claims.jti, claims.exp);
  if (!unique) throw new errors.InvalidGrant('used before');
  context.delegated = { sub: claims.sub, ...(claims.act && { act: claims.act }) };
  const token = new provider.ClientCredentials({ client: context.oidc.client, scope: context.oidc.params.scope });
  token.resourceServer = new provider.ResourceServer(api, { scope: scopes, audience: api, accessTokenFormat: 'jwt', accessTokenTTL: 120, jwt: { sign: { alg: 'ES256' } } });
  context.oidc.entity('ClientCredentials', token);
  context.body = { access_token: await token.save(), token_type: 'Bearer', expires_in: token.expiration, ...answer };
}

provider.registerGrantType(exchange, async context => {
  const asked = context.oidc.params;
  if (asked.subject_token_type !== jwt || asked.requested_token_type !== accessToken) throw new errors.InvalidRequest('types');
  if (asked.audience !== api) throw new errors.InvalidTarget();
  await delegate(context, asked.subject_token, { issued_token_type: accessToken });
}, ['subject_token', 'subject_token_type', 'requested_token_type', 'audience', 'scope']);
provider.registerGrantType(behalf, async context => {
  if (context.oidc.params.requested_token_use !== 'on_behalf_of') throw new errors.InvalidRequest('use');
  await delegate(context, context.oidc.params.assertion, {});
}, ['assertion', 'requested_token_use', 'scope']);
provider.use(async (context, next) => {
  await next();
  const asked = context.oidc?.params;
  if (context.path === '/token') say({ grant: asked?.grant_type ?? null, scope: asked?.scope ?? null, audience: asked?.audience ?? null, status: context.status, error: context.body?.error, why: context.body?.error_description, form: JSON.stringify(asked), headers: JSON.stringify(context.req.headers) });
});

await listen(createServer(provider.callback()), Number(place));

const calls = new AsyncLocalStorage();
const ownKeys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'foreign', version: '1.0.0' });
  server.registerTool('whoami', { description: 'Says who asks.', inputSchema: z.object({}) }, async () => {
    const { token, ...said } = calls.getStore();
    return { content: [{ type: 'text', text: JSON.stringify(said) }] };
  });
  server.registerTool('tell', { description: 'Says its token.', inputSchema: z.object({}) }, async () => ({ content: [{ type: 'text', text: calls.getStore().token }] }));
  return server;
}, { legacy: 'stateless' });

const http = createServer(async (request, response) => {
  try {
    const body = await bodyOf(request);
    const token = request.headers.authorization?.match(/^Bearer (.+)$/)?.[1];
    let claims;
    try {
      // Whoever registers the server has no token of the authorization server yet.
      claims = token === 'for-registration' ? {} : (await jwtVerify(token, ownKeys, { issuer, audience: api, typ: 'at+jwt' })).payload;
    } catch {
      say({ asked: 'refused', authorization: request.headers.authorization ?? null });
      return response.writeHead(401).end();
    }
    say({ asked: body.length ? JSON.parse(body.toString('utf8')).method : request.method, sub: claims.sub ?? null, all: JSON.stringify(request.headers) + body.toString('utf8') });
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const answer = await calls.run({ token, sub: claims.sub, act: claims.act, scope: claims.scope, client: claims.client_id, iss: claims.iss }, () => handler.fetch(new Request(`http://localhost${request.url}`, {
      method: request.method, headers, body: body.length ? body : undefined, signal: gone.signal,
    })));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body) for await (const chunk of answer.body) response.write(chunk);
    response.end();
  } catch (error) {
    console.error(String(error));
    response.destroy();
  }
});

createInterface({ input: process.stdin }).on('line', line => {
  refusal = line.startsWith('refuse ') ? line.slice('refuse '.length) : null;
  say({ told: line });
});
const port = await listen(http, 0);
say({ url: `http://127.0.0.1:${port}/mcp`, token: `${issuer}/token` });
