import { type FullCapabilities, neverDense } from '../../spec/claims/capabilities.js';
import type { Claims } from '../../spec/claims/claims.js';
import { fixedOptions } from '../../spec/claims/fixed.js';
import { deviations } from '../../spec/dialect.js';
import { resolveNumeric } from '../../spec/numeric/profile.js';
import { listedMasks } from '../../spec/operator/facts.js';
import { positionalOptions } from '../../spec/operator/locality.js';
import { plainOperator } from '../../spec/operators/plain.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Operator } from '../../spec/types/documents.js';
import { budgetOf } from '../dims/budget.js';
import { dimVariants } from '../dims/dim-variants.js';
import { sizePool } from '../dims/size-pool.js';
import { historyRules } from '../history/rules.js';
import type { CaseSpace, Composition, DimVariants, MaskRule, OptionRule, ParallelRules } from '../lib/case-space.js';
import { distributionRules, tellsSunkScores } from '../lib/distributions.js';
import { type CaseNeeds, type DrawRequest, drawsEverything } from '../lib/needs.js';
import { Undrawable } from '../lib/undrawable.js';
import { wishesOf } from '../mask/composed.js';
import { compositions } from '../mask/compositions.js';
import { BATCH, denseFit, HEAD, maskWeights, servableMasks } from '../mask/rules.js';
import { changeRules } from '../options/changes.js';
import { optionRules } from '../options/options.js';
import { parallelRules } from '../options/parallel.js';
import { packedRules } from '../packed/rules.js';
import { longInputs } from '../values/long-inputs.js';
import { longFit } from './long-fit.js';

/** Cases that may be drawn for a request. @throws {Undrawable} if the claims leave none. */
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
  const history = historyRules(library, operator, capabilities, request, dims);
  const packed = neverDense(capabilities) === undefined ? packedRules(library, operator, capabilities, request, dims) : undefined;
  const masks = packed?.forced ? packed.masks : masksFor(library, operator, capabilities, request, dims, ways[0], parallel);
  return {
    request,
    operator,
    capabilities,
    everything,
    dims,
    pool: sizePool(request),
    production: budgetOf(operator, request),
    masks,
    maskWeights: maskWeights(masks, (rule) => weightOf(rule, request, dims.cross)),
    compositions: ways,
    options,
    changes: needs.changes ? changeRules(operator, capabilities, options) : [],
    distributions: distributionRules({
      fixed: needs.distributions,
      everything,
      leaks: capabilities.dialect.maskedNaN === 'leaks',
      sinks: tellsSunkScores(operator, resolveNumeric(request.dtype, capabilities.numeric)),
    }),
    packed,
    parallel,
    history,
    longFit: needs.targeted ? longFit(library, capabilities, request) : undefined,
    layouts: needs.views ? layouts : layouts.slice(0, 1),
    dialect: Object.keys(dialect).length > 0 ? dialect : undefined,
  };
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
    // a long mask as a tensor would be larger than all other tensors
    if (needs.targeted && (!rule.named || (mask === 'any' && rule.pairsOfBlocks))) return false;
    if (needs.balanced && !Object.hasOwn(parallel?.scheme.balance ?? {}, rule.name)) return false;
    // over a part of the keys, every mask but full becomes dense
    if (needs.split && rule.name !== 'full' && denseFit(capabilities, rule.axes) === 'none') return false;
    const wishes = wishesOf([rule], simplestWay, capabilities);
    const rules = wishes && dims.rules(wishes);
    if (rules instanceof Undrawable) reason = rules;
    return rules !== undefined && !(rules instanceof Undrawable);
  });
  if (drawable.length > 0) return drawable;
  throw reason ?? new Undrawable(mask === 'any' ? 'no mask that this check needs is claimed' : `mask ${mask} is not claimed`);
}

/** Weight of a mask that is not rare; larger if it allows m ≠ n or varies over the batch. */
function weightOf({ name, square, axes }: MaskRule, { needs, scheme }: DrawRequest, cross: boolean): number {
  if (needs.emptyRows || needs.hiddenKeys) return name === 'full' ? 1 : square ? 2 : 12;
  // a scheme must not decide from the first batch entry's mask which blocks to send
  return (cross && !square ? 3 : 1) * (axes & BATCH ? (scheme === undefined ? 2 : 4) : 1);
}

function compositionsFor(
  operator: Operator,
  capabilities: FullCapabilities,
  { feature, needs }: DrawRequest,
  everything: boolean,
): readonly Composition[] {
  const dense = capabilities.denseMask !== false && listedMasks(operator) === undefined;
  if (feature === 'composed' && !dense) throw new Undrawable('no dense mask is claimed');
  const usable = compositions.filter(({ perHead }) => !perHead || denseFit(capabilities, HEAD) !== 'none');
  if (feature === 'composed') return usable.filter(({ alone }) => !alone);
  // the runs of a long row are found by the name of its mask
  return everything && dense && !needs.balanced && !needs.targeted ? usable : compositions.slice(0, 1);
}

/** True if inputs of long sequences allow an option; some distributions may not. */
function isOfLong({ distributions = [] }: CaseNeeds, name: string): boolean {
  return distributions.some((distribution) => longInputs[distribution]?.options.includes(name));
}

function optionsFor(
  operator: Operator,
  capabilities: FullCapabilities,
  { feature, needs }: DrawRequest,
  everything: boolean,
): OptionRule[] {
  // positions change in a part of the keys, and programs ignore the lengths of sequences
  const positional = needs.split || (needs.history && operator.name !== plainOperator.name) ? positionalOptions(operator) : [];
  const isUnwanted = (name: string) =>
    needs.plainScores ||
    positional.includes(name) ||
    (needs.targeted && !isOfLong(needs, name)) ||
    (needs.shifts && (name === 'softcap' || name === 'sink'));
  const fixed = Object.keys(fixedOptions(capabilities, operator)).find(isUnwanted);
  if (fixed !== undefined) throw new Undrawable(`the implementation computes ${fixed} itself, which changes the cases of this check`);
  const rules = optionRules(operator, capabilities, feature, everything || needs.targeted === true).filter(({ name }) => !isUnwanted(name));
  if ((feature === 'softcap' || feature === 'sink' || feature === 'alibi' || feature === 'bias') && !rules.some(({ forced }) => forced)) {
    throw new Undrawable(`option ${feature} is not claimed`);
  }
  return rules;
}
