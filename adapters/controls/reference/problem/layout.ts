import type { Layout } from '../../../../spec/types/documents.js';

/**
 * Returns the positions of the axes b, h, l, d in a tensor of the layout, with b first in thd too. The permutation is its own inverse,
 * since it swaps at most the middle axes.
 */
export function orderOf(layout: Layout): readonly number[] {
  return layout === 'bhld' ? [0, 1, 2, 3] : [0, 2, 1, 3];
}
