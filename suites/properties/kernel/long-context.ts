import type { Property } from '../../contract/property.js';
import { firstFailure } from '../lib/first-failure.js';
import { judgeOne } from '../lib/repeated.js';
import { bothPasses } from './gradient.js';

/** A sample of rows is judged. Cotangents are 0 elsewhere: dk and dv are sums over the sample. */
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
