import type { Property } from '../../contract/property.js';
import { firstFailure } from '../lib/first-failure.js';
import { judgeOne } from '../lib/repeated.js';
import { bothPasses } from './gradient.js';

/**
 * Attention as in long-context training, scaled: the oracle is asked for a sample of the rows, each of which is judged as any other. Where gradients are
 * claimed, cotangents are zero outside that sample: the other rows of dq are then exactly zero, and every element of dk and dv is a sum over the sample.
 */
export const longContext: Property = {
  name: 'long-context',
  title: 'sampled rows of long sequences, and every gradient of keys and values that comes of them, lie within the derived error bound',
  perMask: true,
  perFeature: false,
  needs: { longContext: true, distributions: ['normal', 'planted'] },
  cases: 3,
  unsupported: () => undefined,
  calls: bothPasses,
  judge: (context) => firstFailure(context.calls.keys(), (call) => judgeOne(context, call)),
};
