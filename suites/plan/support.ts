import { type DrawSettings, type Feature, features } from '../../generators/lib/needs.js';
import { whyUndrawable } from '../../generators/whole/case.js';
import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import type { Claims } from '../../spec/claims/claims.js';
import { excludedBy } from '../../spec/claims/excluded.js';
import { memoised } from '../../spec/lib/memoised.js';
import { mayDiffer, usedAxes } from '../../spec/operator/axes.js';
import { declaredAxes, listedMasks } from '../../spec/operator/facts.js';
import type { Case, Operator } from '../../spec/types/documents.js';
import type { CheckParts } from '../contract/check.js';
import type { Property } from '../contract/property.js';

const optionFeatures: readonly string[] = ['softcap', 'sink', 'alibi', 'bias'];

function hasAxis(operator: Operator, input: string, axis: string): boolean {
  return declaredAxes(operator)[input]?.includes(axis) ?? false;
}

function anyHasAxis(operator: Operator, axis: string): boolean {
  return Object.values(declaredAxes(operator)).some((axes) => axes.includes(axis));
}

function knows(operator: Operator, feature: Exclude<Feature, 'all'>): boolean {
  switch (feature) {
    case 'grouped':
      return anyHasAxis(operator, 'g');
    case 'cross':
      return anyHasAxis(operator, 'm') && anyHasAxis(operator, 'n') && mayDiffer(operator, 'm', 'n');
    case 'wide-v':
      return usedAxes(operator).has('d') && usedAxes(operator).has('e') && mayDiffer(operator, 'd', 'e');
    case 'composed':
      return listedMasks(operator) === undefined;
    case 'packed':
      return listedMasks(operator) === undefined && hasAxis(operator, 'q', 'm') && hasAxis(operator, 'k', 'n');
    case 'softcap':
      return 'softcap' in (operator.options ?? {});
    default:
      return feature in (operator.optional ?? {});
  }
}

/** Features to plan an operator's checks for, `all` last if there are several. */
export function featuresOf(operator: Operator): Feature[] {
  const known = features.filter((f) => f !== 'all' && knows(operator, f));
  return known.length > 1 ? [...known, 'all'] : known;
}

/** Masks to plan an operator's checks for. */
export function masksOf(operator: Operator, all: Iterable<string>): string[] {
  return [...(listedMasks(operator) ?? all)];
}

/** Reasons why requests draw no case, by request: `all` repeats the requests of every feature. */
const drawnForms = memoised((_: Claims) => new Map<string, string | undefined>());

/** Reason why a property cannot be checked in this form, in any dtype; undefined if it can. */
export function unsupportedForm(
  claims: Claims,
  operator: Operator,
  property: Property,
  { feature, mask, scheme }: Pick<CheckParts, 'feature' | 'mask' | 'scheme'>,
  settings: DrawSettings = {},
): string | undefined {
  const { capabilities } = claims;
  if (!capabilities.operators.includes(operator.name)) return `operator ${operator.name} is not claimed`;
  const [dtype] = capabilities.dtypes;
  const known = drawnForms(claims);
  const undrawable = (f: Feature | undefined) => {
    const { needs } = property;
    // Speed matters to targeted cases only: their cost may rule out every case.
    const speed = needs.targeted ? settings.speed : undefined;
    const request = { ...settings, speed, operator: operator.name, feature: f, mask, dtype, scheme, needs };
    const key = JSON.stringify({ ...request, needs: property.name });
    if (!known.has(key)) known.set(key, whyUndrawable(claims, request));
    return known.get(key);
  };
  if (property.simulatedOnly && (settings.transport ?? 'simulated') !== 'simulated')
    return 'only the simulated transport orders and loses messages';
  const asked = property.unsupported(capabilities, operator);
  if (asked !== undefined) return asked;
  if (feature === 'all' && featuresOf(operator).filter((f) => f !== 'all' && undrawable(f) === undefined).length < 2) {
    return 'fewer than two features are claimed';
  }
  return undrawable(feature);
}

/** Returns the entry of `excludes` that covers every case of the check, in words. */
export function excludedWhole(capabilities: FullCapabilities, property: Property, parts: CheckParts): string | undefined {
  const certain = {
    operator: parts.operator,
    dtype: parts.dtype,
    options: parts.feature !== undefined && optionFeatures.includes(parts.feature) ? { [parts.feature]: true } : {},
    ...(parts.mask === 'any' ? {} : { mask: { name: parts.mask } }),
  } as unknown as Case;
  const entry = excludedBy(capabilities, certain, property.needs.gradients ?? false);
  return entry && `excluded by its capabilities: ${JSON.stringify(entry)}`;
}
