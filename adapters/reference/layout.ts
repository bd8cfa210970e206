import type { Layout } from '../../spec/types/documents.js';
import { Unsupported } from '../adapter.js';

/** Where the axes b, h, l, d lie in a tensor of the layout. Swapping the middle axes undoes itself. */
export function orderOf(layout: Layout): readonly number[] {
  if (layout === 'thd') throw new Unsupported('the packed layout thd is not implemented');
  return layout === 'blhd' ? [0, 2, 1, 3] : [0, 1, 2, 3];
}
