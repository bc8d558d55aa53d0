// Four clients that cannot be had here, each by the order in which it looks for its way: node drivers.mjs KIND MCP_URL TOOL ARGUMENTS OPTIONS.
// OPTIONS is JSON: email and password of the person; token, where one is configured as a header; metadataPort, cert and key files where the client has a
// metadata document.
// What they imitate stands at each, with its source. They call tools by the TypeScript SDK 1.x, as three of them do. One line of JSON a step; the
// last one has every request that was made.
import { createHash, randomBytes } from 'node:crypto';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { browser } from './browser.mjs';
import { publish } from './document.mjs';

const [kind, mcp, tool, args, optionsText] = process.argv.slice(2);
const options = JSON.parse(optionsText);
const { origin, pathname } = new URL(mcp);
const say = (step, value) => console.log(JSON.stringify({ step, ...value }));
const requests = [];

async function ask(address, init) {
  const answer = await fetch(address, { redirect: 'manual', ...init });
  const url = new URL(address);
  requests.push(`${init?.method ?? 'GET'} ${url.origin === origin ? url.pathname : url} ${answer.status}`);
  return answer;
}

/** The document, or undefined for anything but 200; what is no JSON throws, as it does in all of them. */
async function json(address) {
  const answer = await ask(address);
  return answer.status === 200 ? answer.json() : undefined;
}

const challengeOf = (answer) => answer.headers.get('www-authenticate')?.match(/resource_metadata="([^"]+)"/)?.[1];
const initialize = () => ask(mcp, {
  method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
  body: JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: kind, version: '1' } } }),
});
const serverOf = async (issuer) => await json(`${issuer}/.well-known/oauth-authorization-server`) ?? await json(`${issuer}/.well-known/openid-configuration`);

async function register(server, name, redirects, more) {
  if (!server.registration_endpoint) throw new Error('Incompatible auth server: does not support dynamic client registration');
  const answer = await ask(server.registration_endpoint, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({
      client_name: name, redirect_uris: redirects, grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], token_endpoint_auth_method: 'none', ...more,
    }),
  });
  const client = await answer.json();
  if (answer.status !== 201 || client.client_secret) throw new Error(`Registration: ${answer.status} ${JSON.stringify(client)}`);
  return client.client_id;
}

/** The code flow; whatever is undefined is not sent. */
async function token(server, client_id, redirect_uri, more) {
  if (!server.code_challenge_methods_supported?.includes('S256')) throw new Error('Incompatible auth server: does not support S256');
  const code_verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const start = new URL(server.authorization_endpoint);
  const code_challenge = createHash('sha256').update(code_verifier).digest('base64url');
  for (const [name, value] of Object.entries({ response_type: 'code', client_id, redirect_uri, state, code_challenge, code_challenge_method: 'S256', ...more }))
    if (value !== undefined) start.searchParams.set(name, value);
  requests.push('BROWSER');
  const back = (await browser(redirect_uri, options.email, options.password, say)(start)).searchParams;
  if (back.get('state') !== state || back.get('iss') !== server.issuer) throw new Error(`The answer is not from there: ${back}`);
  if (!back.get('code')) throw new Error(`${back.get('error')}: ${back.get('error_description')}`);
  const form = { grant_type: 'authorization_code', code: back.get('code'), client_id, redirect_uri, code_verifier };
  if (more.resource) form.resource = more.resource;
  const answer = await ask(server.token_endpoint, { method: 'POST', body: new URLSearchParams(form) });
  const granted = await answer.json();
  if (answer.status !== 200) throw new Error(`Token: ${answer.status} ${JSON.stringify(granted)}`);
  say('token', { scope: granted.scope, refresh: Boolean(granted.refresh_token) });
  return granted.access_token;
}

/** Metadata of the resource without a word from it: under its path, then at the root. */
const probed = async () => await json(`${origin}/.well-known/oauth-protected-resource${pathname}`) ?? await json(`${origin}/.well-known/oauth-protected-resource`);

const drivers = {
  // Claude Code: needs resource_metadata in the 401, else it says that it cannot connect (anthropics/claude-code #61376); reads the server's metadata at
  // the root (#95270); shows its own metadata document or registers, whichever is advertised (#38102); redirect http://localhost:PORT/callback.
  async claude() {
    const address = challengeOf(await initialize());
    if (!address) throw new Error('Failed to connect');
    const resource = await json(address);
    const server = await json(new URL('/.well-known/oauth-authorization-server', resource.authorization_servers[0]));
    const redirects = ['http://localhost/callback', 'http://127.0.0.1/callback'];
    const document = server.client_id_metadata_document_supported && options.metadataPort ? await publish(options, { client_name: 'Claude Code', redirect_uris: redirects, token_endpoint_auth_method: 'none' }) : undefined;
    try {
      const client = document?.address ?? await register(server, 'Claude Code', redirects);
      return await token(server, client, 'http://localhost:41414/callback', { resource: resource.resource, scope: resource.scopes_supported.join(' ') });
    } finally {
      document?.close();
    }
  },

  // Cursor: probes the path-suffixed metadata first, then the root (gamedevpl/www.gamedev.pl #483), and without any goes on at the root of the origin
  // (claude-code #61376); registers with three redirect URIs at once (ECOSYSTEM.md 0.3; erp-mafia/accounted #2225), and uses its own scheme.
  async cursor() {
    await initialize();
    const resource = await probed();
    const server = await serverOf(resource?.authorization_servers[0] ?? origin);
    const redirects = ['cursor://anysphere.cursor-mcp/oauth/callback', 'https://www.cursor.com/agents/mcp/oauth/callback', 'http://localhost:8787/callback'];
    return token(server, await register(server, 'Cursor', redirects), redirects[0], { resource: resource?.resource, scope: resource?.scopes_supported.join(' ') });
  },

  // Codex CLI today: GET of the address for the challenge, else three well-known places; compares resource (rmcp, transport/auth.rs; codex-rs
  // rmcp-client/auth_status.rs). Redirect on 127.0.0.1 with an id behind it (perform_oauth_login.rs). A configured token is the end of it.
  async codex() {
    const address = challengeOf(await ask(mcp)) ?? `${origin}/.well-known/oauth-protected-resource${pathname}`;
    const resource = await json(address);
    if (resource.resource !== mcp) throw new Error(`Protected resource metadata resource mismatch: expected '${mcp}', got '${resource.resource}'`);
    const server = await serverOf(resource.authorization_servers[0]);
    const redirect = 'http://127.0.0.1:41415/callback/0123456789ab';
    return token(server, await register(server, 'Codex', [redirect]), redirect, { resource: mcp, scope: resource.scopes_supported.join(' ') });
  },

  // Older Codex: asks the MCP address itself for the server's metadata and never for the resource's (openai/codex #42427); registers, and nothing else
  // (#13200, #19154); the scopes are those of the server, here none.
  async 'codex-old'() {
    const places = [`/.well-known/oauth-authorization-server${pathname}`, `/.well-known/openid-configuration${pathname}`, `${pathname}/.well-known/openid-configuration`, '/.well-known/oauth-authorization-server'];
    let server;
    for (const place of places) server ??= await json(origin + place);
    const redirect = 'http://127.0.0.1:41416/callback';
    return token(server, await register(server, 'Codex', [redirect]), redirect, { resource: mcp, scope: server.scopes_supported?.join(' ') });
  },

  // Gemini CLI: HEAD for the challenge; compares resource with ===; forgets where to register on that way and looks again; sends scope "" when it
  // registers, none when it asks, and the address as resource always (google-gemini/gemini-cli, packages/core/src/mcp/oauth-{utils,provider}.ts).
  // Without a challenge that names metadata it goes on at the root of the origin (handleAutomaticOAuth in tools/mcp-client.ts).
  async gemini() {
    const address = challengeOf(await ask(mcp, { method: 'HEAD', headers: { accept: 'application/json' } }));
    let issuer = origin;
    if (address) {
      const resource = await json(address);
      if (resource.resource !== mcp) throw new Error(`Protected resource ${resource.resource} does not match expected ${mcp}`);
      issuer = resource.authorization_servers[0];
    } else if (options.token) await json(`${origin}/.well-known/oauth-protected-resource`);
    let server = await serverOf(issuer);
    if (address) server = await serverOf(server.authorization_endpoint.replace(/\/oauth\/authorize$/, ''));
    const redirect = 'http://localhost:7777/oauth/callback';
    return token(server, await register(server, 'Gemini CLI MCP Client', [redirect], { scope: '' }), redirect, { resource: mcp });
  },
};

async function call(secret) {
  const client = new Client({ name: kind, version: '1.0.0' });
  try {
    await client.connect(new StreamableHTTPClientTransport(new URL(mcp), { fetch: ask, requestInit: { headers: { authorization: `Bearer ${secret}` } } }));
    say('called', { result: await client.callTool({ name: tool, arguments: JSON.parse(args) }) });
    return true;
  } catch (error) {
    say('refused', { error: `${error.code ?? ''} ${error.message}` });
    return false;
  } finally {
    await client.close().catch(() => {});
  }
}

try {
  // Both Codex say themselves that a configured token leaves nothing to log in for (auth_status.rs, BearerToken).
  if (!options.token || (!await call(options.token) && !kind.startsWith('codex'))) await call(await drivers[kind]());
} catch (error) {
  say('stopped', { error: error.message });
}
say('requests', { list: requests });
