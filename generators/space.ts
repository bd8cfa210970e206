import type { FullCapabilities } from '../spec/claims/capabilities.js';
import type { Claims } from '../spec/claims/claims.js';
import { deviations } from '../spec/dialect.js';
import type { SpecLibrary } from '../spec/library.js';
import { listedMasks } from '../spec/operator/facts.js';
import { positionalOptions } from '../spec/operator/locality.js';
import type { Dialect, Layout, Operator } from '../spec/types/documents.js';
import { budgetOf } from './budget.js';
import { type ChangeRule, changeRules } from './changes.js';
import { type Composition, compositions } from './compositions.js';
import { type DimVariants, dimVariants } from './dim-variants.js';
import { type DistributionRules, distributionRules } from './distributions.js';
import { type HistoryRules, historyRules } from './history/rules.js';
import { BATCH, denseFit, HEAD, type MaskRule, servableMasks } from './mask-rules.js';
import { type DrawRequest, drawsEverything } from './needs.js';
import { type OptionRule, optionRules } from './options.js';
import { type PackedRules, packedRules } from './packed-rules.js';
import { type ParallelRules, parallelRules } from './parallel.js';
import { type SizePool, sizePool } from './size-pool.js';
import { Undrawable } from './undrawable.js';

/** What may be drawn for a request under an implementation's claims. */
export interface CaseSpace {
  readonly request: DrawRequest;
  readonly capabilities: FullCapabilities;
  /** Everything that is claimed is drawn together. */
  readonly everything: boolean;
  readonly dims: DimVariants;
  readonly pool: SizePool;
  /** Cases of production sizes are drawn among the others. */
  readonly production: boolean;
  readonly masks: readonly MaskRule[];
  /** How often each is drawn, in proportion. */
  readonly maskWeights: readonly number[];
  /** Ways to make the case's mask of these; the first is what a way falls back to that the implementation does not take. */
  readonly compositions: readonly Composition[];
  readonly options: readonly OptionRule[];
  readonly distributions: DistributionRules;
  /** Changes that may be made from call to call. */
  readonly changes: readonly ChangeRule[];
  /** Where packed documents are drawn. */
  readonly packed: PackedRules | undefined;
  /** Where histories are drawn. */
  readonly history: HistoryRules | undefined;
  /** Where cases are drawn for a scheme. */
  readonly parallel: ParallelRules | undefined;
  /** All but the packed one. */
  readonly layouts: readonly Layout[];
  /** The axes that are not at their default. */
  readonly dialect: Dialect | undefined;
}

/** @throws {Undrawable} where the claims leave nothing to draw. */
export function caseSpace({ library, capabilities }: Claims, request: DrawRequest): CaseSpace {
  const operator = library.operators.get(request.operator);
  if (!operator) throw new Undrawable(`there is no operator "${request.operator}"`);
  const { needs } = request;
  const layouts = capabilities.layouts.filter((layout) => layout !== 'thd');
  if (layouts.length === 0 && request.feature !== 'packed') throw new Undrawable('only packed layouts are claimed');
  const everything = drawsEverything(request);
  const parallel = parallelRules(library, capabilities, request);
  const dims = dimVariants(operator, capabilities, request, everything);
  const dialect = deviations(capabilities.dialect);
  const ways = compositionsFor(operator, capabilities, request, everything);
  const options = optionsFor(operator, capabilities, request, everything);
  const packed = packedRules(library, operator, capabilities, request, dims);
  const masks = packed?.forced ? packed.masks : masksFor(library, operator, capabilities, request, dims, ways[0], parallel);
  return {
    request,
    capabilities,
    everything,
    dims,
    pool: sizePool(request),
    production: budgetOf(operator, request) !== undefined,
    masks,
    maskWeights: masks.map((rule) => weightOf(rule, request, dims.cross)),
    compositions: ways,
    options,
    changes: needs.changes ? changeRules(operator, capabilities, options) : [],
    distributions: distributionRules(needs.distributions, everything, capabilities.dialect.maskedNaN === 'leaks'),
    packed,
    parallel,
    history: historyRules(library, operator, capabilities, request, dims),
    layouts: needs.views ? layouts : layouts.slice(0, 1),
    dialect: Object.keys(dialect).length > 0 ? dialect : undefined,
  };
}

/** What masks ask of the sizes, where the implementation can be given them: by name, or dense. */
export function wishesOf(rules: readonly MaskRule[], composition: Composition, capabilities: FullCapabilities) {
  const square = rules.some((rule) => rule.square);
  if (composition.alone && rules[0].named) return { square, oneBatch: false };
  const axes = rules.reduce((all, rule) => all | rule.axes, composition.perHead ? HEAD : 0);
  const fit = denseFit(capabilities, axes);
  return fit === 'none' ? undefined : { square, oneBatch: fit === 'one-batch' && (axes & BATCH) !== 0 };
}

function masksFor(
  library: SpecLibrary,
  operator: Operator,
  capabilities: FullCapabilities,
  { mask, needs }: DrawRequest,
  dims: DimVariants,
  simplestWay: Composition,
  parallel: ParallelRules | undefined,
): MaskRule[] {
  let reason: Undrawable | undefined;
  const drawable = servableMasks(library, operator, capabilities).filter((rule) => {
    if (mask !== 'any' && rule.name !== mask) return false;
    if (needs.batches && rule.axes & BATCH && rule.name !== 'padding') return false;
    if (needs.balanced && !Object.hasOwn(parallel?.scheme.balance ?? {}, rule.name)) return false;
    // a part of the keys makes a dense mask of any but full
    if (needs.split && rule.name !== 'full' && denseFit(capabilities, rule.axes) === 'none') return false;
    const wishes = wishesOf([rule], simplestWay, capabilities);
    const rules = wishes && dims.rules(wishes);
    if (rules instanceof Undrawable) reason = rules;
    return rules !== undefined && !(rules instanceof Undrawable);
  });
  if (drawable.length > 0) return drawable;
  throw reason ?? new Undrawable(mask === 'any' ? 'no such mask is claimed' : `mask ${mask} is not claimed`);
}

/** Where m and n may differ, the masks that allow it are drawn more often: they are the few, and the preferred ones mostly are among them. */
function weightOf({ name, square, axes }: MaskRule, { needs, scheme }: DrawRequest, cross: boolean): number {
  if (needs.emptyRows || needs.hiddenKeys) return name === 'full' ? 1 : square ? 2 : 12;
  // what a scheme sends by the mask must not go by the first batch entry's
  return (cross && !square ? 3 : 1) * (axes & BATCH ? (scheme === undefined ? 2 : 4) : 1);
}

function compositionsFor(
  operator: Operator,
  capabilities: FullCapabilities,
  { feature, needs }: DrawRequest,
  everything: boolean,
): readonly Composition[] {
  // an operator that lists its masks has no others
  const dense = capabilities.denseMask !== false && listedMasks(operator) === undefined;
  if (feature === 'composed' && !dense) throw new Undrawable('no dense mask is claimed');
  const usable = compositions.filter(({ perHead }) => !perHead || denseFit(capabilities, HEAD) !== 'none');
  if (feature === 'composed') return usable.filter(({ alone }) => !alone);
  return everything && dense && !needs.balanced ? usable : compositions.slice(0, 1);
}

function optionsFor(
  operator: Operator,
  capabilities: FullCapabilities,
  { feature, needs }: DrawRequest,
  everything: boolean,
): OptionRule[] {
  const claimed = needs.plainScores ? [] : optionRules(operator, capabilities, feature, everything);
  // positions in a part of the keys are not those in the whole
  const positional = needs.split ? positionalOptions(operator) : [];
  const rules = claimed.filter(({ name }) => !positional.includes(name) && !(needs.shifts && (name === 'softcap' || name === 'sink')));
  if ((feature === 'softcap' || feature === 'sink' || feature === 'alibi' || feature === 'bias') && !rules.some(({ forced }) => forced)) {
    throw new Undrawable(`option ${feature} is not claimed`);
  }
  return rules;
}
