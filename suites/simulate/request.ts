import type { Merge } from '../../adapters/parallel/job/simulation.js';
import { evaluateExpression } from '../../spec/expression/evaluate.js';
import { operatorsOf } from '../../spec/scheme/operators.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Case, DType, Mask, Operator, Scheme } from '../../spec/types/documents.js';

/** Workload of every scheme. */
export interface SchemeLoad {
  readonly mask: Mask;
  readonly heads: number;
  readonly keyHeads: number;
  readonly dim: number;
  readonly dtype: DType;
  readonly batch: number;
  readonly backward: boolean;
  /** Merge of block outputs; absent: `fused`. */
  readonly merge?: Merge;
}

/** Parameters of one simulation. */
export interface Combination {
  readonly scheme: string;
  readonly ranks: number;
  readonly tokens: number;
}

/** Case for a scheme: unsharded queries decode one query; a listed mask replaces the asked one. */
export function caseFor(library: SpecLibrary, scheme: Scheme, combination: Combination, load: SchemeLoad): Case {
  const { ranks, tokens } = combination;
  const [operator] = operatorsOf(scheme);
  const masks = library.operators.get(operator)?.masks;
  const decodes = (scheme.queries ?? 'sharded') !== 'sharded';
  return {
    operator,
    dims: {
      b: load.batch,
      hk: load.keyHeads,
      g: load.heads / load.keyHeads,
      m: decodes ? 1 : tokens,
      n: tokens,
      d: load.dim,
      e: load.dim,
    },
    mask: masks === 'any' ? load.mask : { name: masks?.[0] ?? 'full' },
    options: longOptions(library.operators.get(operator), combination),
    dtype: load.dtype,
    layout: 'bhld',
    values: { distribution: 'normal', seed: 0 },
    parallel: { scheme: scheme.name, ranks },
  };
}

function longOptions(operator: Operator | undefined, { ranks, tokens }: Combination): Case['options'] {
  const known = new Map([
    ['#n', tokens],
    ['P', ranks],
  ]);
  const options: Case['options'] = {};
  for (const [name, { long }] of Object.entries(operator?.options ?? {})) {
    if (long === undefined) continue;
    options[name] = evaluateExpression(long, (value) => known.get(value) as number);
    known.set(`$${name}`, options[name] as number);
  }
  return options;
}
