// What npm's jose makes of tokens: node verify.mjs FILE, whose first line is an object of JWKs by algorithm, and every other line
// "ALG TYPE TOKEN" with the token in base64url of its bytes. One line of output a token: 1 accepted, 0 refused.
import { readFileSync } from 'node:fs';
import { compactVerify, importJWK } from 'jose';

const [keys, ...lines] = readFileSync(process.argv[2], 'utf8').trimEnd().split('\n');
const imported = {};
for (const [alg, jwk] of Object.entries(JSON.parse(keys))) imported[alg] = await importJWK(jwk, alg);
// As jose's own jwtVerify compares typ.
const typeOf = value => (value.includes('/') ? value : `application/${value}`).toLowerCase();
const verdicts = [];
for (const line of lines) {
  const [alg, type, token] = line.split(' ');
  try {
    const { protectedHeader } = await compactVerify(Buffer.from(token, 'base64url'), imported[alg], { algorithms: [alg] });
    verdicts.push(typeof protectedHeader.typ === 'string' && typeOf(protectedHeader.typ) === typeOf(type) ? '1' : '0');
  } catch {
    verdicts.push('0');
  }
}
console.log(verdicts.join('\n'));
