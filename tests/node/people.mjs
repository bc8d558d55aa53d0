// A client that acts for a person, unmodified: node people.mjs KIND MCP_URL TOOL ARGUMENTS OPTIONS, where KIND is oauth4webapi, openid-client, sdk1 or
// sdk2. OPTIONS is JSON: email and password of the person, clientId, keyFile (PKCS #8 in PEM) of a client that can prove itself, bound for tokens that are
// bound to a key (DPoP; but sdk1), and for sdk2 metadataPort, cert and key files of the TLS server that has its metadata document. The browser is that of
// browser.mjs. One line of JSON a step.
import { readFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { auth as auth1 } from '@modelcontextprotocol/sdk/client/auth.js';
import * as sdk2 from '@modelcontextprotocol/client';
import { importPKCS8 } from 'jose';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { browser } from './browser.mjs';
import { publish } from './document.mjs';

const [kind, url, tool, args, optionsText] = process.argv.slice(2);
const options = JSON.parse(optionsText);
const redirect = 'http://127.0.0.1:9/callback';
const insecure = { [oauth.allowInsecureRequests]: true };
const say = (step, value) => console.log(JSON.stringify({ step, ...value }));
const browse = browser(redirect, options.email, options.password, say);

/** @param fetch with which a bound token goes out; without it the token goes out as a bearer token. */
async function call(token, fetch) {
  const mcp = new Client({ name: 'people', version: '1.0.0' });
  try {
    await mcp.connect(new StreamableHTTPClientTransport(new URL(url), fetch ? { fetch } : { requestInit: { headers: { authorization: `Bearer ${token}` } } }));
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
  const DPoP = options.bound && oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
  const proving = { ...(DPoP && { DPoP }), ...insecure };
  let asked = 0;
  const again = (attempt) => attempt().catch((error) => {
    if (!oauth.isDPoPNonceError(error)) throw error;
    asked++;
    return attempt();
  });
  const using = (token) => DPoP && ((address, init = {}) => again(() => oauth.protectedResourceRequest(
    token, init.method ?? 'GET', new URL(address), new Headers(init.headers), init.body ?? undefined, { signal: init.signal, ...proving })));
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const code_challenge = await oauth.calculatePKCECodeChallenge(verifier);
  const pushed = await again(async () => oauth.processPushedAuthorizationResponse(as, client, await oauth.pushedAuthorizationRequest(as, client, proof(), {
    response_type: 'code', redirect_uri: redirect, code_challenge, code_challenge_method: 'S256', state, resource: guarded.resource, scope: guarded.scopes_supported.join(' '),
  }, proving)));
  const start = new URL(as.authorization_endpoint);
  start.searchParams.set('client_id', client.client_id);
  start.searchParams.set('request_uri', pushed.request_uri);
  const parameters = oauth.validateAuthResponse(as, client, await browse(start), state);
  const granted = await again(async () => oauth.processAuthorizationCodeResponse(as, client, await oauth.authorizationCodeGrantRequest(
    as, client, proof(), parameters, redirect, verifier, { additionalParameters: { resource: guarded.resource }, ...proving })));
  say('token', { type: granted.token_type, jkt: await DPoP?.calculateThumbprint(), asked });
  let shown = new Request(url, { headers: { authorization: `Bearer ${granted.access_token}` } });
  if (DPoP) {
    await again(() => oauth.protectedResourceRequest(granted.access_token, 'GET', new URL(url), undefined, undefined, {
      ...proving, [oauth.customFetch]: (to, init) => { shown = new Request(to, init); return fetch(to, init); },
    }));
  }
  const claims = await oauth.validateJwtAccessToken(as, shown, guarded.resource, { requireDPoP: Boolean(DPoP), ...insecure });
  say('validated', { sub: claims.sub, act: claims.act, client_id: claims.client_id, jkt: claims.cnf?.jkt });
  say('called', await call(granted.access_token, using(granted.access_token)));
  if (DPoP) say('as a bearer token', await call(granted.access_token));
  const refreshed = await again(async () => oauth.processRefreshTokenResponse(as, client, await oauth.refreshTokenGrantRequest(as, client, proof(), granted.refresh_token, proving)));
  say('refreshed', { rotated: refreshed.refresh_token !== granted.refresh_token, type: refreshed.token_type });
  const about = async (token) => oauth.processIntrospectionResponse(as, client, await oauth.introspectionRequest(as, client, proof(), token, insecure));
  const active = async (token) => (await about(token)).active;
  say('active', { access: await active(refreshed.access_token), refresh: await active(refreshed.refresh_token), old: await active(granted.refresh_token), jkt: (await about(refreshed.access_token)).cnf?.jkt });
  await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, proof(), refreshed.refresh_token, insecure));
  say('given back', { access: await active(refreshed.access_token), refresh: await active(refreshed.refresh_token) });
  say('called again', await call(refreshed.access_token, using(refreshed.access_token)));
}

async function withOpenidClient() {
  const authentication = options.keyFile ? openid.PrivateKeyJwt(await importPKCS8(readFileSync(options.keyFile, 'utf8'), 'ES256')) : openid.None();
  const config = await openid.discovery(new URL(new URL(url).origin), options.clientId, undefined, authentication, { algorithm: 'oauth2', execute: [openid.allowInsecureRequests] });
  const proving = options.bound ? { DPoP: openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('ES256')) } : undefined;
  const using = (token) => proving && ((address, init = {}) => openid.fetchProtectedResource(config, token, new URL(address), init.method ?? 'GET', init.body, new Headers(init.headers), proving));
  const verifier = openid.randomPKCECodeVerifier();
  const state = openid.randomState();
  const start = await openid.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: redirect, scope: `mcp:${new URL(url).pathname.split('/')[2]}:@granted`, resource: url, state,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  }, proving);
  const granted = await openid.authorizationCodeGrant(config, await browse(start), { pkceCodeVerifier: verifier, expectedState: state }, undefined, proving);
  say('token', { type: granted.token_type, jkt: await proving?.DPoP.calculateThumbprint() });
  say('called', await call(granted.access_token, using(granted.access_token)));
  if (proving) say('as a bearer token', await call(granted.access_token));
  const refreshed = await openid.refreshTokenGrant(config, granted.refresh_token, undefined, proving);
  say('refreshed', { rotated: refreshed.refresh_token !== granted.refresh_token, type: refreshed.token_type });
  if (options.keyFile) say('active', { access: await openid.tokenIntrospection(config, refreshed.access_token), refresh: await openid.tokenIntrospection(config, refreshed.refresh_token) });
  await openid.tokenRevocation(config, refreshed.refresh_token);
  say('called again', await call(refreshed.access_token, using(refreshed.access_token)));
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

/** A session of the SDK 2.x by a bound token, of which the SDK does all: nonces, proofs, the scheme. */
async function callBound(kept) {
  const mcp = new sdk2.Client({ name: 'people', version: '1.0.0' });
  await mcp.connect(new sdk2.StreamableHTTPClientTransport(new URL(url), { authProvider: kept }));
  const result = await mcp.callTool({ name: tool, arguments: JSON.parse(args) });
  await mcp.close();
  return { result };
}

async function withSdk(auth, metadataUrl) {
  const kept = new Kept(metadataUrl);
  if (options.bound) {
    const session = await sdk2.DpopSession.create();
    kept.dpop = () => session;
  }
  const calling = () => (options.bound ? callBound(kept) : call(kept.saved.access_token));
  say('first', { result: await auth(kept, { serverUrl: url }) });
  const back = await browse(kept.address);
  say('back', { state: back.searchParams.get('state'), iss: back.searchParams.get('iss') });
  say('second', { result: await auth(kept, { serverUrl: url, authorizationCode: back.searchParams.get('code'), iss: back.searchParams.get('iss') ?? undefined }) });
  say('client', { id: kept.information?.client_id });
  say('token', { type: kept.saved.token_type, jkt: kept.dpop?.().thumbprint });
  say('called', await calling());
  if (options.bound) say('as a bearer token', await call(kept.saved.access_token));
  const before = kept.saved.refresh_token;
  say('third', { result: await auth(kept, { serverUrl: url }) });
  say('refreshed', { rotated: kept.saved.refresh_token !== before, type: kept.saved.token_type });
  say('called again', await calling());
}

if (kind === 'oauth4webapi') await withOauth4webapi();
else if (kind === 'openid-client') await withOpenidClient();
else if (kind === 'sdk1') await withSdk(auth1);
else {
  const document = await publish(options, new Kept().clientMetadata);
  await withSdk(sdk2.auth, document.address);
  document.close();
}
