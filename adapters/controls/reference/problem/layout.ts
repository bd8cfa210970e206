import type { Layout } from '../../../../spec/types/documents.js';

/** Returns the indices of the axes b, h, l, d in a layout. The permutation is its own inverse. */
export function orderOf(layout: Layout): readonly number[] {
  return layout === 'bhld' ? [0, 1, 2, 3] : [0, 2, 1, 3];
}
