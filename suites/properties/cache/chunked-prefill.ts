import { withinLimits } from '../../../generators/lib/limits.js';
import { keepsCache } from '../../../spec/operator/locality.js';
import type { AppendOperation, Case, Operation } from '../../../spec/types/documents.js';
import type { Property } from '../../contract/property.js';
import { canDiffer } from '../../judging/limits.js';
import { appendCalls, judgeCalls, withHistory } from '../lib/cache.js';

/** A prompt at once and in chunks, the cache contiguous, or paged if claimed; by one oracle. */
export const chunkedPrefill: Property = {
  name: 'chunked-prefill',
  title: 'a prompt processed in chunks gives the result of one call',
  perMask: false,
  perFeature: false,
  speaksOf: keepsCache,
  bounded: true,
  needs: { history: 'appends', calls: 6, passes: 6 },
  unsupported: ({ limits }) => (canDiffer(limits, 'm', 'n') ? undefined : 'its limits leave no chunk of a prompt: m = n'),
  calls: (c, { capabilities }) => {
    const whole = c.history && atOnce(c, c.history);
    const calls = appendCalls(c, capabilities);
    return whole && withinLimits(capabilities.limits, whole.dims) ? [{ command: 'forward', case: whole }, ...calls] : calls;
  },
  judge: judgeCalls,
};

function atOnce(c: Case, history: readonly Operation[]): Case {
  const appends = history.filter((operation): operation is AppendOperation => operation.op === 'append');
  const tokens = appends.reduce((sum, append) => sum + append.tokens, 0);
  const whole: Operation[] = [...history.filter(({ op }) => op === 'create'), { ...appends[0], tokens }];
  return withHistory(c, whole);
}
