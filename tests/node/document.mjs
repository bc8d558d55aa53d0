// A client's metadata document (draft-ietf-oauth-client-id-metadata-document) over local TLS.
import { readFileSync } from 'node:fs';
import https from 'node:https';

/** @returns its address, which is the client id, and how to end it. */
export async function publish({ metadataPort, cert, key }, metadata) {
  const address = `https://localhost:${metadataPort}/client.json`;
  const server = https.createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (_, answer) => {
    answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ...metadata, client_id: address }));
  });
  await new Promise((ready) => server.listen(metadataPort, 'localhost', ready));
  return { address, close: () => { server.close(); server.closeAllConnections(); } };
}
