import test from 'node:test';
import assert from 'node:assert/strict';
import { client } from '../../widget/client.mjs';

const CHAT = { id: 'c1', token: 'secret' };

/** Run `work(call, requests)` with a fetch that answers with what `reply()` makes. */
async function withFetch(reply, work) {
  const real = globalThis.fetch;
  const requests = [];
  globalThis.fetch = async (url, options) => {
    requests.push({ url, ...options });
    return reply();
  };
  try {
    await work(client('https://chat.example/api/v1', new AbortController().signal).call, requests);
  } finally {
    globalThis.fetch = real;
  }
}

const json = (status, body) => () => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

test('a call carries the token and the conversation', () => withFetch(json(200, { ok: 1 }), async (call, requests) => {
  assert.deepEqual(await call('POST', CHAT, '/messages', { text: 'x' }), { ok: 1 });
  const [{ url, method, headers, body }] = requests;
  assert.deepEqual([url, method, headers.Authorization, body], ['https://chat.example/api/v1/conversations/c1/messages', 'POST', 'Bearer secret', '{"text":"x"}']);
}));

test('a conversation is begun without a token', () => withFetch(json(201, {}), async (call, requests) => {
  await call('POST', null, '', {});
  assert.equal(requests[0].url, 'https://chat.example/api/v1/conversations');
  assert.equal(requests[0].headers.Authorization, undefined);
}));

for (const [status, kind] of [[401, 'gone'], [404, 'gone'], [410, 'gone'], [422, 'invalid'], [413, 'invalid'], [429, 'busy'], [500, 'down'], [502, 'down']]) {
  test(`status ${status} is ${kind}`, () => withFetch(json(status, { detail: 'why' }), async (call) => {
    await assert.rejects(call('GET', CHAT, '/messages'), { kind, message: 'why' });
  }));
}

test('an error page that is not JSON is still an answer', () => withFetch(() => new Response('<html>', { status: 503 }), async (call) => {
  await assert.rejects(call('GET', CHAT, '/messages'), { kind: 'down' });
}));

test('a broken line is down, not a crash', () => withFetch(() => { throw new TypeError('no route'); }, async (call) => {
  await assert.rejects(call('GET', CHAT, '/messages'), ({ kind }) => kind === 'down' || kind === 'offline');
}));

test('plain text and empty answers come back as text', () => withFetch(() => new Response('you: hello', { headers: { 'Content-Type': 'text/plain' } }), async (call) => {
  assert.equal(await call('GET', CHAT, '/transcript'), 'you: hello');
}));
