// What a server needs of symbolon sidecar: whether a call is the gateway's, and requests at the API on behalf of it. Node alone.
import { request } from 'node:http';

export class Sidecar {
  #socketPath;

  /** @param address unix:PATH, as in --listen. */
  constructor(address) {
    if (!address.startsWith('unix:')) throw new Error('The sidecar listens at unix:PATH.');
    this.#socketPath = address.slice('unix:'.length);
  }

  /** Whether a request that came is a call of the gateway for this server; who calls is in the answer. */
  async verify(incoming) {
    const once = name => (incoming.headersDistinct[name]?.length === 1 ? incoming.headersDistinct[name][0] : undefined);
    const answer = await this.#ask('POST', '/verify', { 'content-type': 'application/json' },
      JSON.stringify({ authorization: once('authorization'), dpop: once('dpop'), method: incoming.method, url: incoming.url }));
    return answer.status === 200 ? JSON.parse(answer.body) : { active: false, status: 503, reason: 'The sidecar cannot say.' };
  }

  /** A request at the API for the call that is being answered; the sidecar puts the token and the proof on it. */
  forward(method, url, call) {
    const headers = { 'symbolon-target': url, 'symbolon-subject-token': call.token };
    if (call.traceparent) headers.traceparent = call.traceparent;
    return this.#ask(method, '/forward', headers);
  }

  #ask(method, path, headers, body) {
    return new Promise((done, failed) => {
      const asked = request({ socketPath: this.#socketPath, method, path, headers: { host: 'localhost', ...headers } }, async answer => {
        try {
          const chunks = [];
          for await (const chunk of answer) chunks.push(chunk);
          done({ status: answer.statusCode, refused: answer.headers['symbolon-refused'], body: Buffer.concat(chunks).toString('utf8') });
        } catch (error) {
          failed(error);
        }
      });
      asked.on('error', failed);
      asked.end(body);
    });
  }
}
