import type { Mask } from '../../../spec/types/documents.js';

/** Masks over n tokens and two batch entries whose rows cross any cut: some see nothing, some everything, none may be cut by position alone. */
export function crossingMasks(n: number): Mask[] {
  const first = Math.floor(n / 3);
  return [
    { name: 'full' },
    { name: 'causal' },
    { name: 'sliding-window', parameters: { left: 2, right: 1 } },
    { name: 'document-causal', parameters: { lengths: [first, 0, n - first] } },
    { name: 'prefix-causal', parameters: { prefix: Math.ceil(n / 2) } },
    { name: 'global-sliding-window', parameters: { window: 1 } },
    { name: 'padding', parameters: { lengths: [n - first, 0], side: 'left' } },
    { heads: [{ name: 'causal' }, { name: 'sliding-window', parameters: { left: 0, right: 2 } }, { name: 'full' }] },
  ];
}
