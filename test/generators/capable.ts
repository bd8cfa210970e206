import type { DrawRequest } from '../../generators/lib/needs.js';
import { type FullCapabilities, resolveCapabilities } from '../../spec/claims/capabilities.js';
import { createLibrary } from '../../spec/library.js';
import type { Capabilities, Operator } from '../../spec/types/documents.js';

export const library = createLibrary();
export const softmax = library.operators.get('softmax') as Operator;

/** An implementation that claims everything but what is given. */
export function capable(claims: Partial<Capabilities> = {}): FullCapabilities {
  return resolveCapabilities(
    {
      dtypes: ['f32', 'f16'],
      operators: [...library.operators.keys()],
      masks: [...library.masks.keys()],
      denseMask: 'both',
      options: ['scale', 'softcap', 'sink', 'alibi', 'bias', 'eps', 'decay'],
      outputs: ['o', 'lse'],
      gradients: true,
      layouts: ['bhld', 'blhd', 'thd'],
      strided: true,
      ...claims,
    },
    'capable',
  );
}

export function request(wishes: Partial<DrawRequest> = {}): DrawRequest {
  return { operator: 'softmax', mask: 'any', dtype: 'f32', needs: {}, ...wishes };
}
