// A receiver of security events on npm's jose and oauth4webapi, unmodified: node events.mjs ISSUER PORT POSTED_AUDIENCE POLLING_CLIENT POLLING_AUDIENCE
// It makes a key and listens; once it is registered it is posted events (RFC 8935) as one API and fetches them (RFC 8936) as another. What jose verifies is one line of JSON.
import { createServer } from 'node:http';
import { createRemoteJWKSet, exportJWK, jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';

const [issuer, port, postedAudience, clientId, polledAudience] = process.argv.slice(2);
const insecure = { [oauth.allowInsecureRequests]: true };
const say = (step, value) => console.log(JSON.stringify({ step, ...value }));
const metadata = await (await fetch(`${issuer}/.well-known/ssf-configuration`)).json();
const keys = createRemoteJWKSet(new URL(metadata.jwks_uri));
const verify = (token, audience) => jwtVerify(token, keys, { issuer: metadata.issuer, audience, typ: 'secevent+jwt', algorithms: ['ES256'] });
const pair = await oauth.generateKeyPair('ES256', { extractable: true });

const receiver = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const token = Buffer.concat(parts).toString('ascii');
  try {
    const { payload } = await verify(token, postedAudience);
    say('posted', { type: request.headers['content-type'], claims: payload });
    response.writeHead(202).end();
  } catch (error) {
    say('refused', { why: String(error) });
    response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ err: 'authentication_failed', description: 'not verified' }));
  }
});
await new Promise(resolve => receiver.listen(Number(port), '127.0.0.1', resolve));
say('ready', { jwk: await exportJWK(pair.publicKey), methods: metadata.delivery_methods_supported });

const as = await oauth.processDiscoveryResponse(new URL(issuer), await oauth.discoveryRequest(new URL(issuer), { algorithm: 'oauth2', ...insecure }));
const client = { client_id: clientId };
const options = { DPoP: oauth.DPoP(client, pair), ...insecure };
const resource = `${issuer}/oauth/events`;
let token;
while (!token) {
  try {
    const answer = await oauth.clientCredentialsGrantRequest(as, client, oauth.PrivateKeyJwt(pair.privateKey), { resource }, options);
    token = (await oauth.processClientCredentialsResponse(as, client, answer)).access_token;
  } catch (error) {
    if (!(error instanceof oauth.ResponseBodyError || error instanceof oauth.WWWAuthenticateChallengeError)) throw error;
    await new Promise(resolve => setTimeout(resolve, 200)); // not registered yet
  }
}
say('fetching', {});

const poll = body => oauth.protectedResourceRequest(token, 'POST', new URL(resource), new Headers({ 'content-type': 'application/json' }), JSON.stringify(body), options);
let ack = [];
for (;;) {
  const answer = await poll({ maxEvents: 10, returnImmediately: false, ack });
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  const { sets } = await answer.json();
  for (const [id, set] of Object.entries(sets)) {
    const { payload } = await verify(set, polledAudience);
    if (payload.jti !== id) throw new Error('another jti');
    const elsewhere = await verify(set, postedAudience).then(() => 'accepted', error => error.code);
    say('fetched', { claims: payload, elsewhere });
  }
  ack = Object.keys(sets);
}
