import test from 'node:test';
import assert from 'node:assert/strict';
import { explainer, readableDate, safeUrl } from '../../widget/render.mjs';
import { SendChat } from '../../widget/send-chat.mjs';

const marked = (terms, ...texts) => texts.map((text) => explainer(terms, (word) => `[${word}]`)(text).join(''));

test('only https addresses become links', () => {
  assert.equal(safeUrl('https://example.org/a').href, 'https://example.org/a');
  for (const bad of ['http://example.org', 'javascript:alert(1)', ' https://x', 'data:text/html,x', '//x.org', 'https://', null, undefined, 7]) {
    assert.equal(safeUrl(bad), null);
  }
});

test('a term is explained where it stands as a word', () => {
  assert.deepEqual(marked({ EHCP: 'x' }, 'An EHCP, or EHCPs.', 'NEHCP'), ['An [EHCP], or EHCPs.', 'NEHCP']);
});

test('a term is explained once in a message, the longest match first', () => {
  const explain = explainer({ 'EHC plan': 'x', EHC: 'y' }, (word) => `[${word}]`);
  assert.equal(explain('An EHC plan; the EHC plan').join(''), 'An [EHC plan]; the EHC plan');
  assert.equal(explain('EHC').join(''), '[EHC]');
});

test('signs in a term are plain characters', () => {
  assert.deepEqual(marked({ 'C++ (x)': 'm', 'A|B': 'm' }, 'use C++ (x) and A|B'), ['use [C++ (x)] and [A|B]']);
});

test('no terms, no change; names of object members are no terms', () => {
  assert.deepEqual(marked({}, 'constructor toString'), ['constructor toString']);
  assert.deepEqual(marked(undefined, 'plain'), ['plain']);
});

test('calendar dates are written out, anything else is left alone', () => {
  assert.equal(readableDate('2026-11-01', 'en-GB'), '1 November 2026');
  assert.equal(readableDate('2026-11-23T14:00:00Z', 'en-GB'), '23 November 2026');
  for (const text of ['soon', '2026', '2026-99-99']) assert.equal(readableDate(text, 'en-GB'), text);
});

test('the element can be imported where there is no page', () => {
  assert.equal(typeof SendChat, 'function');
});
