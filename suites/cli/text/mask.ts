import { plainText } from '../../../reports/text/plain-text.js';
import { printExpression } from '../../../spec/expression/print.js';
import type { CompiledMask } from '../../../spec/mask/compile/compiled-mask.js';
import { printMask } from '../../../spec/mask/print/print.js';
import { maskText } from '../../../spec/mask/print/text.js';
import type { SpecLibrary } from '../../../spec/spec-library.js';
import type { Mask, MaskSpec } from '../../../spec/types/documents.js';
import { namedMasks } from '../mask-argument.js';

/** Describes a mask: picture, exact area, and the predicate and parameters of each mask in it. */
export function describeMask(mask: Mask, compiled: CompiledMask, library: SpecLibrary): string {
  const { b, heads, m, n } = compiled;
  const cells = b * heads * m * n;
  const area = compiled.area();
  const named = [...new Set(namedMasks(mask).map(({ name }) => name))].map((name) => library.masks.get(name) as MaskSpec);
  const over = [...(b > 1 ? [`${b} batch entries`] : []), ...(heads > 1 ? [`${heads} heads`] : [])].join(' and ');
  return [
    printMask(mask),
    `${m} queries down, ${n} keys across: █ visible, · hidden`,
    ...pictures(compiled),
    `area: ${area} of ${cells} cells${over && ` over ${over}`} (${((100 * area) / cells).toFixed(1)} %)`,
    ...named.flatMap((spec) => [
      '',
      `${spec.name}: ${spec.title}`,
      `  sees where ${printExpression(spec.visible)}`,
      ...parameterLines(spec),
    ]),
    '',
  ]
    .map(plainText)
    .join('\n');
}

function pictures(mask: CompiledMask): string[] {
  const texts: string[] = [];
  for (let b = 0; b < (mask.perBatch ? mask.b : 1); b++) {
    for (let h = 0; h < (mask.perHead ? mask.heads : 1); h++) {
      const title = [...(mask.perBatch ? [`batch entry ${b}`] : []), ...(mask.perHead ? [`head ${h}`] : [])].join(', ');
      texts.push(`${title && `${title}\n`}${maskText(mask, b, h)}\n`);
    }
  }
  return texts;
}

function parameterLines({ parameters = {} }: MaskSpec): string[] {
  return Object.entries(parameters).map(([name, { type, choices, minimum, maximum, description = '' }]) => {
    const range =
      minimum === undefined && maximum === undefined
        ? ''
        : `, ${minimum === undefined ? '' : printExpression(minimum)} … ${maximum === undefined ? '' : printExpression(maximum)}`;
    return `  ${name} (${choices ? choices.join(' or ') : type}${range})${description && `: ${description}`}`;
  });
}
