import test from 'node:test';
import assert from 'node:assert/strict';
import {
  alive, answered, begun, escapeCounter, fault, fresh, length, merged, newestId, parseEvents, readingMode, received, sending, withPerson,
} from '../../widget/client.mjs';

const message = (id, more = {}) => ({ id, sender: 'assistant', created_at: 'now', text: id, ...more });
const begin = () => begun(fresh(), { conversation_id: 'c', token: 't', expires_at: '2030-01-01T00:00:00Z', messages: [message('m1')] });

test('beginning keeps what was waiting to be sent', () => {
  const waiting = sending(fresh(), { text: 'hello' }, () => 'k1');
  const state = begun(waiting, { conversation_id: 'c', token: 't', expires_at: 'e', messages: [] });
  assert.equal(state.pending.id, 'k1');
  assert.equal(state.id, 'c');
});

test('a known message is replaced in its place and a new one goes to the end', () => {
  const joined = merged([message('a'), message('b')], [message('a', { text: 'new' }), message('c')]);
  assert.deepEqual(joined.map(({ id, text }) => [id, text]), [['a', 'new'], ['b', 'b'], ['c', 'c']]);
});

test('sending the same again keeps its id, sending something else gets a new one', () => {
  let number = 0;
  const newId = () => `k${number += 1}`;
  const first = sending(begin(), { text: 'one' }, newId);
  assert.equal(sending(first, { text: 'one' }, newId).pending.id, 'k1');
  assert.equal(sending(first, { text: 'two' }, newId).pending.id, 'k2');
  assert.equal(sending(first, { choice: 'one' }, newId, 'one').pending.id, 'k3');
});

test('an answer that does not repeat the question keeps it before the answer', () => {
  const state = answered(sending(begin(), { text: 'q' }, () => 'k'), { messages: [message('m2')], handover: 'none' });
  assert.deepEqual(state.messages.map(({ sender }) => sender), ['assistant', 'user', 'assistant']);
  assert.equal(state.pending, null);
});

test('an answer that repeats the question shows it once, in the words the server kept', () => {
  const reply = { messages: [message('u', { sender: 'user', text: 'redacted' }), message('m2')], handover: 'none' };
  const state = answered(sending(begin(), { text: 'q' }, () => 'k'), reply);
  assert.deepEqual(state.messages.map(({ text }) => text), ['m1', 'redacted', 'm2']);
});

test('news without messages or without a hand-over state change only what they carry', () => {
  const state = received(begin(), { handover: 'waiting' });
  assert.equal(state.messages.length, 1);
  assert.ok(withPerson(state));
  assert.equal(received(state, { messages: [message('m9')] }).handover, 'waiting');
  assert.ok(!withPerson(received(state, { handover: 'closed' })));
});

test('length counts characters after trimming as the server does', () => {
  assert.equal(length('  👩‍👧 '), 3);
  assert.equal(fault(' \n '), 'error_empty');
  assert.equal(fault('x'.repeat(500)), null);
  assert.equal(fault(` ${'x'.repeat(500)} `), null);
  assert.equal(fault('😀'.repeat(501)), 'error_long');
});

test('only messages the server knows are asked after', () => {
  assert.equal(newestId({ messages: [message('m1'), { id: 'local', sender: 'user' }] }), 'm1');
  assert.equal(newestId(fresh()), '');
});

test('the reading mode is that of the newest answer', () => {
  const messages = [message('a', { reading: { mode: 'easy' } }), message('u', { sender: 'user', reading: { mode: 'standard' } })];
  assert.equal(readingMode({ messages }), 'easy');
  assert.equal(readingMode(fresh()), undefined);
});

test('a saved conversation lives until it expires', () => {
  const saved = { id: 'c', token: 't', expires: '2030-01-01T00:00:00Z' };
  assert.equal(alive(saved, Date.parse('2029-12-31T23:59:59Z')), true);
  assert.equal(alive(saved, Date.parse('2030-01-01T00:00:00Z')), false);
  assert.equal(alive(null, 0), false);
  assert.equal(alive({ id: 'c' }, 0), false);
  assert.equal(alive({ id: 'c', token: 't' }, 0), true);
});

test('three presses of Escape within five seconds, with no other key between', () => {
  const pressed = escapeCounter();
  assert.deepEqual([pressed('Escape', 0), pressed('Escape', 100), pressed('Escape', 200)], [false, false, true]);
  const slow = escapeCounter();
  assert.deepEqual([slow('Escape', 0), slow('Escape', 100), slow('Escape', 6000)], [false, false, false]);
  const mixed = escapeCounter();
  assert.deepEqual([mixed('Escape', 0), mixed('Escape', 1), mixed('a', 2), mixed('Escape', 3)], [false, false, false, false]);
});

test('an event stream in pieces gives whole events whatever the line ends', () => {
  const { events, rest } = parseEvents(': ping\r\n\r\nid: 7\r\nevent: handover\r\ndata: {"handover": "waiting"}\r\n\r\ndata: {"id"');
  assert.deepEqual(events, [['handover', '{"handover": "waiting"}']]);
  assert.equal(rest, 'data: {"id"');
  assert.deepEqual(parseEvents(`${rest}: 1}\n\n`).events, [['message', '{"id": 1}']]);
});
