// Proofs as npm's jose makes them: node proofs.mjs METHOD URL TOKEN NONCE COUNT. One line a proof: the thumbprint of its key, and the proof.
// TOKEN and NONCE may be empty.
import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';

const [method, url, token, nonce, count] = process.argv.slice(2);
for (let i = 0; i < Number(count); i++) {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = await exportJWK(publicKey);
  const claims = { htm: method, htu: url };
  if (token) claims.ath = createHash('sha256').update(token, 'ascii').digest('base64url');
  if (nonce) claims.nonce = nonce;
  const proof = await new SignJWT(claims).setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk }).setJti(randomUUID()).setIssuedAt().sign(privateKey);
  console.log(`${await calculateJwkThumbprint(jwk)} ${proof}`);
}
