import { ownOf } from '../../../spec/claims/adapter-scheme.js';
import { declaredAxes, flatAxesOf, tokenInput } from '../../../spec/operator/facts.js';
import { placeAlong, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Property } from '../../contract/property.js';

/** unshard(shard(q)) = q, or of the first input with tokens: each token lies on one rank. */
export const roundTrip: Property = {
  name: 'round-trip',
  title: 'every token lies on one rank, and returns to its position',
  perMask: false,
  perFeature: false,
  perScheme: true,
  needs: { distributions: ['normal'] },
  unsupported: (claims) => (ownOf(claims) ? 'it cuts its shards itself' : undefined),
  calls: (c) => [{ command: 'forward', case: c }],
  judge: ({ case: c, problem, results }) => {
    const { inputs, operator } = problem(c);
    const name = tokenInput(operator);
    const expected = inputs[name];
    const { restored } = results[0];
    // a user's program shards out of sight
    if (!restored) return { status: 'pass' };
    const actual = valuesOf(restored);
    const at = expected.data.findIndex((x, i) => !Object.is(x, actual[i]));
    if (at < 0) return { status: 'pass' };
    const axis = flatAxesOf(declaredAxes(operator)[name]).findIndex((x) => x === 'm' || x === 'n');
    const m = expected.shape[axis];
    const token = placeAlong(expected.shape, axis)(at);
    return {
      status: 'fail',
      class: 'round-trip',
      message: `after sharding and joining, token ${token} of ${m} has ${actual[at]} where it had ${expected.data[at]}`,
      call: 0,
    };
  },
};
