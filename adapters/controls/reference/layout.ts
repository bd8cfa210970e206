import type { Layout } from '../../../spec/types/documents.js';

/** Where the axes b, h, l, d lie in a tensor of the layout, b first in thd too. Swapping the middle axes undoes itself. */
export function orderOf(layout: Layout): readonly number[] {
  return layout === 'bhld' ? [0, 1, 2, 3] : [0, 2, 1, 3];
}
