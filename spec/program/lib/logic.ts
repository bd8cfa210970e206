import type { Signature, TensorType } from '../primitive.js';
import { broadcast } from './elementwise.js';

/** Type of a boolean result: the union of the operands' axes. */
export function broadcastBoolean(signature: Signature): TensorType {
  return { kind: 'boolean', axes: broadcast(signature).axes };
}

/** Parameters of a primitive of two booleans. */
export const twoBooleans = [
  { name: 'x', kind: 'boolean' },
  { name: 'y', kind: 'boolean' },
] as const;
