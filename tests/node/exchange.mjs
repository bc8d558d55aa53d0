// An MCP server on the TypeScript SDK that gets its tokens by npm's oauth4webapi, unmodified: node exchange.mjs MCP_URL [ISSUER CODE_FILE API]
// Without ISSUER it lists its tool, to be registered. With it, it enrols a key of its own, and for each call exchanges the token of the call for one
// for the API, lets the library verify it as a resource server would, and asks the API. One line of JSON a step; the tokens stand in them for who tests.
import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { calculateJwkThumbprint, exportJWK, SignJWT } from 'jose';
import * as oauth from 'oauth4webapi';
import { z } from 'zod';

const [address, issuer, codeFile, api] = process.argv.slice(2);
const url = new URL(address);
const insecure = { [oauth.allowInsecureRequests]: true };
const say = (step, value) => console.log(JSON.stringify({ step, ...value }));
const AccessToken = 'urn:ietf:params:oauth:token-type:access_token';
const calls = new AsyncLocalStorage();

let exchange;
if (issuer) exchange = await enrol();

async function enrol() {
  const as = await oauth.processDiscoveryResponse(new URL(issuer), await oauth.discoveryRequest(new URL(issuer), { algorithm: 'oauth2', ...insecure }));
  const pair = await oauth.generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(pair.publicKey);
  const proof = await new SignJWT({ htm: 'POST', htu: `${issuer}/oauth/enroll`, jti: crypto.randomUUID() })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk }).setIssuedAt().sign(pair.privateKey);
  const answer = await fetch(`${issuer}/oauth/enroll`, { method: 'POST', headers: { dpop: proof }, body: new URLSearchParams({ code: readFileSync(codeFile, 'utf8').trim() }) });
  const enrolled = await answer.json();
  if (answer.status !== 201) throw new Error(JSON.stringify(enrolled));
  say('enrolled', { key: enrolled.key, own: await calculateJwkThumbprint(jwk), audience: enrolled.audience });

  const client = { client_id: enrolled.client_id };
  const authentication = oauth.PrivateKeyJwt({ key: pair.privateKey, kid: enrolled.key });
  const options = { DPoP: oauth.DPoP(client, pair), ...insecure };
  const ask = async parameters => oauth.processGenericTokenEndpointResponse(as, client, await oauth.genericTokenEndpointRequest(
    as, client, authentication, 'urn:ietf:params:oauth:grant-type:token-exchange', parameters, options));
  const refused = async (step, parameters) => {
    try {
      await ask(parameters);
      say(step, { error: null });
    } catch (error) {
      if (!(error instanceof oauth.ResponseBodyError)) throw error;
      say(step, { error: error.error, status: error.status });
    }
  };

  const own = await oauth.processClientCredentialsResponse(as, client, await oauth.clientCredentialsGrantRequest(as, client, authentication, {}, options));
  say('credential', { token: own.access_token, type: own.token_type, scope: own.scope });

  return async (subject, target) => {
    const subjectParameters = { subject_token: subject, subject_token_type: AccessToken };
    const got = await ask({ ...subjectParameters, audience: api, actor_token: own.access_token, actor_token_type: AccessToken });
    say('exchanged', { token: got.access_token, type: got.token_type, issued: got.issued_token_type, scope: got.scope, expires: got.expires_in });
    await refused('its own credential as the subject', { subject_token: own.access_token, subject_token_type: AccessToken });
    await refused('another API', { ...subjectParameters, audience: 'https://elsewhere.example.com' });
    await refused('more than the tool needs', { ...subjectParameters, scope: `${got.scope} delete:cluster:prod/namespace:checkout/release/web` });
    await refused('a token of another type', { ...subjectParameters, subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' });
    await refused('half an actor', { ...subjectParameters, actor_token: own.access_token });

    let seen;
    const answer = await oauth.protectedResourceRequest(got.access_token, 'GET', new URL(target), undefined, undefined, {
      ...options,
      [oauth.customFetch]: (to, init) => {
        seen = new Request(to, { method: init.method, headers: init.headers });
        return fetch(to, init);
      },
    });
    const claims = await oauth.validateJwtAccessToken(as, seen, api, { requireDPoP: true, signingAlgorithms: ['ES256'], ...insecure });
    say('validated', { sub: claims.sub, act: claims.act, client_id: claims.client_id, tool: claims.tool, jkt: claims.cnf.jkt });
    return `${answer.status} ${await answer.text()}`;
  };
}

function build() {
  const server = new McpServer({ name: 'releases', version: '1.0.0' });
  server.registerTool('rollout_status', {
    description: 'Shows how far a release is rolled out.', annotations: { readOnlyHint: true }, inputSchema: z.object({ namespace: z.string(), name: z.string() }),
  }, async ({ namespace, name }) => ({
    content: [{ type: 'text', text: await exchange(calls.getStore(), `${api}/namespaces/${encodeURIComponent(namespace)}/releases/${encodeURIComponent(name)}`) }],
  }));
  return server;
}

const handler = createMcpHandler(build, { legacy: 'stateless', onerror: error => console.error(String(error)) });
createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const asked = new Request(new URL(request.url, url), { method: request.method, headers, body: chunks.length ? Buffer.concat(chunks) : undefined });
  const answer = await calls.run(request.headers.authorization?.split(' ')[1], () => handler.fetch(asked));
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body) for await (const chunk of answer.body) response.write(chunk);
  response.end();
}).listen(Number(url.port), url.hostname, () => say('listening', {}));
process.stdin.resume().on('end', () => process.exit(0));
