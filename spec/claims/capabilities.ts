import { type FullDialect, fullDialect } from '../dialect.js';
import { checkDocument, DocumentError } from '../lib/documents.js';
import { resolveNumeric } from '../numeric/profile.js';
import { codeOf, inputsOf, setOf } from '../operator/facts.js';
import type { Capabilities, Dialect, Operator } from '../types/documents.js';

/** Capabilities with all defaults filled in (CONTRACTS: capabilities). */
export type FullCapabilities = Omit<Capabilities, 'gradients' | 'dialect'> &
  Required<
    Pick<
      Capabilities,
      | 'masks'
      | 'denseMask'
      | 'denseMaskShapes'
      | 'options'
      | 'outputs'
      | 'layouts'
      | 'strided'
      | 'grouped'
      | 'blockBackward'
      | 'mixedStorage'
      | 'limits'
      | 'excludes'
      | 'batchInvariant'
      | 'compilesPer'
      | 'speed'
    >
  > & {
    /** Input names of claimed gradients, and dlse. */
    readonly gradients: readonly string[];
    /** True if the gradients of all required inputs are claimed. */
    readonly requiredGradients: boolean;
    readonly commands: readonly ('forward' | 'backward' | 'time')[];
    readonly deterministic: { readonly forward: boolean; readonly backward: boolean };
    readonly dialect: FullDialect;
  };

/** Checks capabilities and fills in defaults; `dialect` overrides. @throws {DocumentError} */
export function resolveCapabilities(capabilities: unknown, document: string, dialect: Dialect = {}): FullCapabilities {
  const c = checkDocument('capabilities', capabilities, document);
  for (const dtype of c.dtypes) resolveNumeric(dtype, c.numeric, document);
  for (const [axis, limit] of Object.entries(c.limits ?? {})) {
    if (typeof limit === 'string' && !/^=[a-z][a-z0-9]*$/.test(limit))
      throw new DocumentError(document, `$.limits.${axis}`, `found "${limit}", must be "=" and the name of an axis, such as "=d"`);
  }
  const gradients = c.gradients === true ? (['q', 'k', 'v'] as const) : c.gradients || [];
  return {
    ...c,
    masks: c.masks ?? ['full'],
    denseMask: c.denseMask ?? false,
    denseMaskShapes: c.denseMaskShapes ?? ['b h m n'],
    options: [...new Set([...(c.options ?? []), ...Object.keys(c.fixed ?? {})])],
    outputs: c.outputs ?? ['o'],
    layouts: c.layouts ?? ['bhld'],
    strided: c.strided ?? false,
    grouped: c.grouped ?? true,
    blockBackward: c.blockBackward ?? false,
    mixedStorage: c.mixedStorage ?? true,
    limits: c.limits ?? {},
    excludes: c.excludes ?? [],
    batchInvariant: c.batchInvariant ?? false,
    compilesPer: c.compilesPer ?? [],
    speed: c.speed ?? 'medium',
    gradients,
    requiredGradients: c.gradients === true,
    commands: c.commands ?? (gradients.length > 0 ? ['forward', 'backward'] : ['forward']),
    deterministic: { forward: c.deterministic?.forward ?? true, backward: c.deterministic?.backward ?? false },
    dialect: fullDialect({ ...c.dialect, ...dialect }),
  };
}

/** Reason why calls with whole keys and values are not claimed; undefined if they are. */
export function neverDense({ pages }: Pick<FullCapabilities, 'pages'>): string | undefined {
  return pages?.only ? 'only calls on pages are claimed' : undefined;
}

/** Tells if an implementation computes an option or input itself. */
export function isFixed({ fixed = {} }: Pick<FullCapabilities, 'fixed'>, name: string): boolean {
  return Object.hasOwn(fixed, name);
}

/** Inputs with claimed gradients; fixed inputs have no gradients. */
export function gradientsOf(capabilities: FullCapabilities, operator: Operator): string[] {
  const { gradients, requiredGradients } = capabilities;
  return Object.entries(inputsOf(operator))
    .filter(([name]) => !isFixed(capabilities, name))
    .filter(([name, { gradient, optional }]) => gradient && (gradients.includes(name) || (requiredGradients && !optional)))
    .map(([name]) => name);
}

/** Outputs with cotangents: o, claimed outputs of numbers, and lse if `dlse` is claimed. */
export function cotangentsOf({ outputs, gradients }: FullCapabilities, operator: Operator): string[] {
  return Object.keys(operator.outputs).filter((name) => {
    if (setOf(operator, name) || codeOf(operator, name)) return false;
    if (name === 'lse') return gradients.includes('dlse');
    return name === 'o' || outputs.includes(name);
  });
}
