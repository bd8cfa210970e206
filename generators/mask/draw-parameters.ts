import type { Random } from 'fast-check';
import type { MaskRule } from '../lib/case-space.js';
import { drawOffset } from '../lib/sizes.js';
import { SHARES } from './parameters.js';

/** Draws the parameters of one mask of a flat case. @param place index of the mask. */
export function drawParameters(random: Random, rule: MaskRule, place: number, flat: Record<string, number>): void {
  rule.parameters.forEach(([, parameter], slot) => {
    const field = `parameter${place}.${slot}`;
    switch (parameter.type) {
      case 'choice':
        flat[field] = random.nextInt(0, (parameter.choices?.length ?? 1) - 1);
        break;
      case 'share':
        flat[field] = random.nextInt(0, SHARES);
        break;
      case 'seed':
        flat[field] = random.nextInt(0, 255);
        break;
      case 'integer':
        flat[field] = drawOffset(random);
    }
  });
}
