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

test('white text where it can be read, else near-black', () => {
  assert.deepEqual(readablePair([0, 60, 120]), [[0, 60, 120], WHITE]);
  assert.deepEqual(readablePair([255, 220, 0])[1], [20, 20, 20]);
});

test('a colour on which neither can be read is refused, and so is none', () => {
  assert.equal(readablePair([119, 119, 119]), null);
  assert.equal(readablePair(null), null);
});
