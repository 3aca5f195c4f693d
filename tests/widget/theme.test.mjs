import test from 'node:test';
import assert from 'node:assert/strict';
import { contrast, readablePair } from '../../widget/send-chat.mjs';

const WHITE = [255, 255, 255];
const BLACK = [0, 0, 0];

test('contrast is that of WCAG, in either order', () => {
  assert.equal(contrast(WHITE, BLACK).toFixed(2), '21.00');
  assert.equal(contrast(BLACK, WHITE).toFixed(2), '21.00');
  assert.equal(contrast([118, 118, 118], WHITE).toFixed(2), '4.54');
  assert.equal(contrast(WHITE, WHITE), 1);
});

test('a pair that reads well is taken as wished', () => {
  assert.deepEqual(readablePair([0, 60, 120], WHITE), [[0, 60, 120], WHITE]);
});

test('a wished text colour that cannot be read refuses the pair', () => {
  assert.equal(readablePair([255, 220, 0], WHITE), null);
  assert.equal(readablePair([120, 120, 120], [130, 130, 130]), null);
});

test('without a wished text colour the one that reads is chosen', () => {
  assert.deepEqual(readablePair([0, 60, 120], null)[1], WHITE);
  assert.deepEqual(readablePair([255, 220, 0], null)[1], [20, 20, 20]);
  assert.equal(readablePair(null, WHITE), null);
});
