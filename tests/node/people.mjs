// A client that acts for a person, unmodified: node people.mjs KIND MCP_URL TOOL ARGUMENTS OPTIONS, where KIND is oauth4webapi, openid-client, sdk1 or
// sdk2. OPTIONS is JSON: email and password of the person, clientId, keyFile (PKCS #8 in PEM) of a client that can prove itself, and for sdk2
// metadataPort, cert and key files of the TLS server that has its metadata document. The browser is that of browser.mjs. One line of JSON a step.
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { auth as auth1 } from '@modelcontextprotocol/sdk/client/auth.js';
import * as sdk2 from '@modelcontextprotocol/client';
import { importPKCS8 } from 'jose';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { browser } from './browser.mjs';

const [kind, url, tool, args, optionsText] = process.argv.slice(2);
const options = JSON.parse(optionsText);
const redirect = 'http://127.0.0.1:9/callback';
const insecure = { [oauth.allowInsecureRequests]: true };
const say = (step, value) => console.log(JSON.stringify({ step, ...value }));
const browse = browser(redirect, options.email, options.password, say);

async function call(token) {
  const mcp = new Client({ name: 'people', version: '1.0.0' });
  try {
    await mcp.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization: `Bearer ${token}` } } }));
    return { result: await mcp.callTool({ name: tool, arguments: JSON.parse(args) }) };
  } catch (error) {
    return { error: `${error.code ?? ''} ${error.message}` };
  } finally {
    await mcp.close().catch(() => {});
  }
}

async function withOauth4webapi() {
  const guarded = await oauth.processResourceDiscoveryResponse(new URL(url), await oauth.resourceDiscoveryRequest(new URL(url), insecure));
  const issuer = new URL(guarded.authorization_servers[0]);
  const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }));
  const client = { client_id: options.clientId };
  const key = await importPKCS8(readFileSync(options.keyFile, 'utf8'), 'ES256');
  const proof = () => oauth.PrivateKeyJwt(key);
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const pushed = await oauth.processPushedAuthorizationResponse(as, client, await oauth.pushedAuthorizationRequest(as, client, proof(), {
    response_type: 'code', redirect_uri: redirect, code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', state,
    resource: guarded.resource, scope: guarded.scopes_supported.join(' '),
  }, insecure));
  const start = new URL(as.authorization_endpoint);
  start.searchParams.set('client_id', client.client_id);
  start.searchParams.set('request_uri', pushed.request_uri);
  const parameters = oauth.validateAuthResponse(as, client, await browse(start), state);
  const granted = await oauth.processAuthorizationCodeResponse(as, client, await oauth.authorizationCodeGrantRequest(
    as, client, proof(), parameters, redirect, verifier, { additionalParameters: { resource: guarded.resource }, ...insecure }));
  const claims = await oauth.validateJwtAccessToken(as, new Request(url, { headers: { authorization: `Bearer ${granted.access_token}` } }), guarded.resource, insecure);
  say('validated', { sub: claims.sub, act: claims.act, client_id: claims.client_id });
  say('called', await call(granted.access_token));
  const refreshed = await oauth.processRefreshTokenResponse(as, client, await oauth.refreshTokenGrantRequest(as, client, proof(), granted.refresh_token, insecure));
  say('refreshed', { rotated: refreshed.refresh_token !== granted.refresh_token });
  const about = async (token) => (await oauth.processIntrospectionResponse(as, client, await oauth.introspectionRequest(as, client, proof(), token, insecure))).active;
  say('active', { access: await about(refreshed.access_token), refresh: await about(refreshed.refresh_token), old: await about(granted.refresh_token) });
  await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, proof(), refreshed.refresh_token, insecure));
  say('given back', { access: await about(refreshed.access_token), refresh: await about(refreshed.refresh_token) });
  say('called again', await call(refreshed.access_token));
}

async function withOpenidClient() {
  const config = await openid.discovery(new URL(new URL(url).origin), options.clientId, undefined, openid.None(), { algorithm: 'oauth2', execute: [openid.allowInsecureRequests] });
  const verifier = openid.randomPKCECodeVerifier();
  const state = openid.randomState();
  const start = await openid.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: redirect, scope: `mcp:${new URL(url).pathname.split('/')[2]}:@granted`, resource: url, state,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  });
  const granted = await openid.authorizationCodeGrant(config, await browse(start), { pkceCodeVerifier: verifier, expectedState: state });
  say('called', await call(granted.access_token));
  const refreshed = await openid.refreshTokenGrant(config, granted.refresh_token);
  say('refreshed', { rotated: refreshed.refresh_token !== granted.refresh_token });
  await openid.tokenRevocation(config, refreshed.refresh_token);
  say('called again', await call(refreshed.access_token));
}

/** What a program keeps for the SDK; one object for both lines. */
class Kept {
  redirectUrl = redirect;
  clientMetadata = {
    client_name: 'People of the SDK', redirect_uris: [redirect], grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], token_endpoint_auth_method: 'none',
  };
  constructor(metadataUrl) { if (metadataUrl) this.clientMetadataUrl = metadataUrl; }
  clientInformation() { return this.information; }
  saveClientInformation(information) { this.information = information; }
  tokens() { return this.saved; }
  saveTokens(tokens) { this.saved = tokens; }
  redirectToAuthorization(address) { this.address = address; }
  saveCodeVerifier(verifier) { this.verifier = verifier; }
  codeVerifier() { return this.verifier; }
  state() { return 'state of the SDK'; }
}

async function withSdk(auth, metadataUrl) {
  const kept = new Kept(metadataUrl);
  say('first', { result: await auth(kept, { serverUrl: url }) });
  const back = await browse(kept.address);
  say('back', { state: back.searchParams.get('state'), iss: back.searchParams.get('iss') });
  say('second', { result: await auth(kept, { serverUrl: url, authorizationCode: back.searchParams.get('code'), iss: back.searchParams.get('iss') ?? undefined }) });
  say('client', { id: kept.information?.client_id });
  say('called', await call(kept.saved.access_token));
  const before = kept.saved.refresh_token;
  say('third', { result: await auth(kept, { serverUrl: url }) });
  say('refreshed', { rotated: kept.saved.refresh_token !== before });
  say('called again', await call(kept.saved.access_token));
}

if (kind === 'oauth4webapi') await withOauth4webapi();
else if (kind === 'openid-client') await withOpenidClient();
else if (kind === 'sdk1') await withSdk(auth1);
else {
  const address = `https://localhost:${options.metadataPort}/client.json`;
  const document = JSON.stringify({ ...new Kept().clientMetadata, client_id: address });
  const server = https.createServer({ cert: readFileSync(options.cert), key: readFileSync(options.key) }, (_, answer) => {
    answer.writeHead(200, { 'content-type': 'application/json' }).end(document);
  });
  await new Promise((ready) => server.listen(options.metadataPort, 'localhost', ready));
  await withSdk(sdk2.auth, address);
  server.close();
  server.closeAllConnections();
}
