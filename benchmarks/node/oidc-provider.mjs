// node oidc-provider.mjs PORT PUBLIC_JWK: an identity provider of the npm world that issues JWTs for a client's key, and keeps all in memory.
import { generateKeyPair, exportJWK } from 'jose';
import { Provider } from 'oidc-provider';

const [port, clientKey] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const { privateKey } = await generateKeyPair('ES256', { extractable: true });
const resource = `${issuer}/mcp`;

const provider = new Provider(issuer, {
  jwks: { keys: [{ ...(await exportJWK(privateKey)), use: 'sig', alg: 'ES256' }] },
  ttl: { ClientCredentials: 3600 },
  clientAuthMethods: ['private_key_jwt'],
  clients: [{
    client_id: 'agent:bench',
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    id_token_signed_response_alg: 'ES256',
    jwks: { keys: [JSON.parse(clientKey)] },
  }],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: 'mcp:everything:@granted',
        audience: resource,
        accessTokenTTL: 3600,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
});
provider.listen(Number(port), '127.0.0.1');
