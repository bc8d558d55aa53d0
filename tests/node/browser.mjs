// A small browser: it keeps cookies, follows to the same origin, signs in, ticks every tool, allows, and stops where the client's callback would be.
// By itself: node browser.mjs URL CALLBACK EMAIL PASSWORD, which goes to the callback too, where somebody listens there.
import { pathToFileURL } from 'node:url';

/** A function that takes where to begin, and gives the address to which the client's callback is called. */
export function browser(redirect, email, password, say) {
  return async (start) => {
    const jar = new Map();
    let next = { url: new URL(start) };
    for (let steps = 0; steps < 12; steps++) {
      const answer = await fetch(next.url, {
        method: next.form ? 'POST' : 'GET', body: next.form, redirect: 'manual',
        headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '), ...(next.form ? { origin: next.url.origin } : {}) },
      });
      for (const cookie of answer.headers.getSetCookie()) {
        const [pair] = cookie.split(';');
        jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
      }
      const location = answer.headers.get('location');
      if (location?.startsWith(redirect)) return new URL(location);
      const page = await answer.text();
      const hidden = (name) => page.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1].replaceAll('&amp;', '&').replaceAll('&#x2B;', '+');
      if (location) next = { url: new URL(location, next.url) };
      else if (page.includes('action="/sign-in/password"')) {
        say('sign-in', { status: answer.status });
        next = { url: new URL('/sign-in/password', next.url), form: new URLSearchParams({ form: hidden('form'), to: hidden('to'), email: email, password: password }) };
      } else if (page.includes('action="/oauth/consent"')) {
        const tools = [...page.matchAll(/name="tool" value="([^"]+)"/g)].map((match) => match[1]);
        say('consent', { tools, asks: page.match(/<h1[^>]*>([^<]*)</)[1], unchecked: page.includes('Nobody here has checked this name') });
        const form = new URLSearchParams({ ticket: hidden('ticket'), answer: 'allow', life: '3600' });
        for (const each of tools) form.append('tool', each);
        next = { url: new URL('/oauth/consent', next.url), form };
      } else throw new Error(`The browser is stuck at ${next.url} with ${answer.status}: ${page.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')}`);
    }
    throw new Error('The browser goes round in circles.');
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [start, callback, email, password] = process.argv.slice(2);
  const back = await browser(callback, email, password, (step, value) => console.log(JSON.stringify({ step, ...value })))(start);
  const answer = await fetch(back).catch(() => undefined);
  console.log(JSON.stringify({ step: 'callback', address: back.toString(), status: answer?.status }));
}
