import type { Case } from '../../../spec/types/documents.js';

/** The case of a call as a kernel of the other layout sees it: heads are tokens to it, and tokens heads. @throws where they do not fit as numbers of heads. */
export function otherLayout({ dims, ...c }: Case): Case {
  const { hk, g, m, n } = dims;
  if (m % n !== 0) throw new Error('heads do not fit');
  return { ...c, layout: c.layout === 'bhld' ? 'blhd' : 'bhld', dims: { ...dims, hk: n, g: m / n, m: hk * g, n: hk } };
}
