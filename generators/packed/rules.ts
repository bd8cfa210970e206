import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import { packsDocuments } from '../../spec/operator/locality.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Operator } from '../../spec/types/documents.js';
import type { DimVariants, PackedRules } from '../lib/case-space.js';
import type { DrawRequest } from '../lib/needs.js';
import { Undrawable } from '../lib/undrawable.js';
import { servableMasks } from '../mask/rules.js';

/**
 * Rules for packed documents, in every case of +packed and some of +all, of long sequences and of
 * changed calls.
 * @throws {Undrawable} if the feature is `packed` and cannot be drawn.
 */
export function packedRules(
  library: SpecLibrary,
  operator: Operator,
  capabilities: FullCapabilities,
  { feature, mask, needs, scheme }: DrawRequest,
  dims: DimVariants,
): PackedRules | undefined {
  const isLong = needs.targeted === true && scheme === undefined;
  if (feature !== 'packed' && feature !== 'all' && !needs.changes && !isLong) return undefined;
  const found =
    needs.split || needs.views || needs.boundaries
      ? new Undrawable('packed documents are not drawn with splits, views or sizes at boundaries')
      : rulesFor(library, operator, capabilities, dims, isLong ? mask : 'any');
  if (!(found instanceof Undrawable)) return { ...found, forced: feature === 'packed' };
  if (feature === 'packed') throw found;
  return undefined;
}

function rulesFor(
  library: SpecLibrary,
  operator: Operator,
  capabilities: FullCapabilities,
  dims: DimVariants,
  wanted: string,
): Omit<PackedRules, 'forced'> | Undrawable {
  if (!packsDocuments(operator)) return new Undrawable(`the operator ${operator.name} is not defined on packed documents`);
  if (!capabilities.layouts.includes('thd')) return new Undrawable('layout thd is not claimed');
  // packed masks travel by name only, and tables are not defined for them
  const masks = servableMasks(library, operator, capabilities).filter(
    ({ name, named, square, tables }) => named && !square && !tables && (wanted === 'any' || name === wanted),
  );
  if (masks.length === 0) return new Undrawable('none of the masks claimed by name is defined on packed documents');
  const rules = dims.rules({ square: false, oneBatch: true, packed: true });
  if (rules instanceof Undrawable) return rules;
  const { m, n } = capabilities.limits;
  return { masks, dims: rules, square: m === '=n' || n === '=m' };
}
