/** As much of node:test and node:assert as the cases in tests/widget use, for running them in a browser. */

export const cases = [];
export const test = (name, run) => cases.push([name, run]);

const same = (one, other) => {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => same(one[key], other[key]));
};
const ensure = (holds, ...shown) => { if (!holds) throw new Error(`not so: ${JSON.stringify(shown)}`); };

const assert = {
  ok: (value) => ensure(value, value),
  equal: (one, other) => ensure(Object.is(one, other), one, other),
  deepEqual: (one, other) => ensure(same(one, other), one, other),
  async rejects(promise, expected) {
    const error = await promise.then(() => ensure(false, 'did not reject'), (caught) => caught);
    if (typeof expected === 'function') ensure(expected(error), String(error));
    else for (const [key, value] of Object.entries(expected)) ensure(same(error[key], value), key, error[key], value);
  },
};

/** Node's `test` and `assert` are default exports of two modules; here one object is both. */
export default Object.assign(test, assert);

/** Run all cases registered so far; returns {name, error} for each. */
export async function runAll() {
  const results = [];
  for (const [name, run] of cases.splice(0)) {
    results.push(await Promise.resolve().then(run).then(() => ({ name, error: null }), (error) => ({ name, error: String(error) })));
  }
  return results;
}
