import { type FullDialect, fullDialect } from '../dialect.js';
import { checkDocument, DocumentError } from '../documents.js';
import { resolveNumeric } from '../numeric/profile.js';
import { matches } from '../partial.js';
import type { Capabilities, Case, Dialect } from '../types/documents.js';

/** Capabilities with every default filled in (CONTRACTS: capabilities). */
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
      | 'limits'
      | 'excludes'
      | 'batchInvariant'
      | 'compilesPer'
    >
  > & {
    /** Claimed gradients; empty if there are none. */
    readonly gradients: readonly ('q' | 'k' | 'v' | 'sink' | 'bias' | 'alibi' | 'dlse')[];
    readonly commands: readonly ('forward' | 'backward' | 'time')[];
    readonly deterministic: { readonly forward: boolean; readonly backward: boolean };
    readonly dialect: FullDialect;
  };

/**
 * Checks the document and fills in the defaults. `dialect` (from a flag) overrides the declared dialect.
 * @throws {DocumentError} with the document and the path of the fault.
 */
export function resolveCapabilities(capabilities: unknown, document: string, dialect: Dialect = {}): FullCapabilities {
  const c = checkDocument('capabilities', capabilities, document);
  for (const dtype of c.dtypes) resolveNumeric(dtype, c.numeric, document);
  for (const [axis, limit] of Object.entries(c.limits ?? {})) {
    if (typeof limit === 'string' && !['b', 'hk', 'g', 'm', 'n', 'd', 'e'].includes(limit.slice(1))) {
      throw new DocumentError(document, `$.limits.${axis}`, `found "${limit}", allowed: "=" and one of b, hk, g, m, n, d, e`);
    }
  }
  const gradients = c.gradients === true ? (['q', 'k', 'v'] as const) : c.gradients || [];
  return {
    ...c,
    masks: c.masks ?? ['full'],
    denseMask: c.denseMask ?? false,
    denseMaskShapes: c.denseMaskShapes ?? ['b h m n'],
    options: c.options ?? [],
    outputs: c.outputs ?? ['o'],
    layouts: c.layouts ?? ['bhld'],
    strided: c.strided ?? false,
    grouped: c.grouped ?? true,
    blockBackward: c.blockBackward ?? false,
    limits: c.limits ?? {},
    excludes: c.excludes ?? [],
    batchInvariant: c.batchInvariant ?? false,
    compilesPer: c.compilesPer ?? [],
    gradients,
    commands: c.commands ?? (gradients.length > 0 ? ['forward', 'backward'] : ['forward']),
    deterministic: { forward: c.deterministic?.forward ?? true, backward: c.deterministic?.backward ?? false },
    dialect: fullDialect({ ...c.dialect, ...dialect }),
  };
}

/** Returns the first `excludes` entry that matches a call, or undefined. `gradients: true` in an entry means the backward pass. */
export function excludedBy(capabilities: FullCapabilities, c: Case, backward: boolean): Record<string, unknown> | undefined {
  return (capabilities.excludes as Record<string, unknown>[]).find(
    ({ gradients, ...partial }) => (gradients === undefined || gradients === backward) && matches(partial, c),
  );
}
