import { excludedBy, type FullCapabilities } from '../adapters/capabilities.js';
import { type Feature, features } from '../generators/needs.js';
import type { Case, Operator } from '../spec/types/documents.js';
import type { CheckParts } from './check-id.js';
import { canBe, canDiffer, canEqual, canExceed } from './limits.js';
import type { Property } from './properties/property.js';

const optionFeatures: readonly string[] = ['softcap', 'sink', 'alibi', 'bias'];

function hasAxis(operator: Operator, input: string, axis: string): boolean {
  return operator.inputs[input]?.includes(axis) ?? false;
}

/** Whether an operator has a feature at all, by the axes, options and optional inputs of its document. */
function knows(operator: Operator, feature: Exclude<Feature, 'all'>): boolean {
  switch (feature) {
    case 'grouped':
      return hasAxis(operator, 'q', 'g');
    case 'cross':
      return hasAxis(operator, 'q', 'm') && hasAxis(operator, 'k', 'n');
    case 'wide-v':
      return hasAxis(operator, 'k', 'd') && hasAxis(operator, 'v', 'e');
    case 'composed':
      return operator.masks === 'any';
    case 'softcap':
      return 'softcap' in (operator.options ?? {});
    default:
      return feature in (operator.optional ?? {});
  }
}

/** The features that checks of an operator are planned for, `all` last where there are two or more. */
export function featuresOf(operator: Operator): Feature[] {
  const known = features.filter((f) => f !== 'all' && knows(operator, f));
  return known.length > 1 ? [...known, 'all'] : known;
}

/** The masks that checks of an operator are planned for. */
export function masksOf(operator: Operator, all: Iterable<string>): string[] {
  return operator.masks === 'any' ? [...all] : (operator.masks ?? ['full']);
}

/** Why an implementation cannot be asked for a feature; undefined where it can. */
function featureGap(capabilities: FullCapabilities, operator: Operator, feature: Feature): string | undefined {
  const { limits } = capabilities;
  switch (feature) {
    case 'all': {
      const claimed = featuresOf(operator).filter((f) => f !== 'all' && featureGap(capabilities, operator, f) === undefined);
      return claimed.length < 2 ? 'fewer than two features are claimed' : undefined;
    }
    case 'grouped':
      if (!capabilities.grouped) return 'more query heads than key heads are not claimed';
      return canExceed(limits, 'g', 1) ? undefined : 'its limits leave no case with g > 1';
    case 'cross':
      return canDiffer(limits, 'm', 'n') ? undefined : 'its limits leave no case with m ≠ n';
    case 'wide-v':
      return canDiffer(limits, 'd', 'e') ? undefined : 'its limits leave no case with e ≠ d';
    case 'composed':
      return capabilities.denseMask === false ? 'composed masks travel dense, and no dense mask is claimed' : undefined;
    default:
      return capabilities.options.includes(feature) ? undefined : `option ${feature} is not claimed`;
  }
}

function maskGap(capabilities: FullCapabilities, mask: string): string | undefined {
  if (mask === 'any' || capabilities.masks.includes(mask) || capabilities.denseMask !== false) return undefined;
  return `mask ${mask} is not claimed, nor is a dense mask`;
}

/** Why the plain form (g = 1, m = n, e = d) is out of reach. */
function plainGap(capabilities: FullCapabilities, operator: Operator): string | undefined {
  const { limits } = capabilities;
  if (knows(operator, 'grouped') && !canBe(limits, 'g', 1)) return 'its limits leave no case with g = 1';
  if (!canEqual(limits, 'm', 'n')) return 'its limits leave no case with m = n';
  if (knows(operator, 'wide-v') && !canEqual(limits, 'd', 'e')) return 'its limits leave no case with e = d';
  return undefined;
}

/** The entry of `excludes` under which every case of the check falls. */
function excludedWhole(capabilities: FullCapabilities, parts: CheckParts, property: Property): string | undefined {
  const certain = {
    operator: parts.operator,
    dtype: parts.dtype,
    options: parts.feature !== undefined && optionFeatures.includes(parts.feature) ? { [parts.feature]: true } : {},
    ...(parts.mask === 'any' ? {} : { mask: { name: parts.mask } }),
  } as unknown as Case;
  const entry = excludedBy(capabilities, certain, property.needs.gradients ?? false);
  return entry && `excluded by its capabilities: ${JSON.stringify(entry)}`;
}

/** Why a check cannot be asked of an implementation, in words; undefined where it can. */
export function unsupportedReason(capabilities: FullCapabilities, operator: Operator, property: Property, parts: CheckParts): string | undefined {
  if (!capabilities.operators.includes(operator.name)) return `operator ${operator.name} is not claimed`;
  const asked = property.unsupported(capabilities);
  if (asked !== undefined) return asked;
  if (parts.feature !== undefined) {
    const gap = featureGap(capabilities, operator, parts.feature);
    if (gap !== undefined) return gap;
  } else if (property.perMask) {
    const gap = maskGap(capabilities, parts.mask) ?? plainGap(capabilities, operator);
    if (gap !== undefined) return gap;
  }
  return excludedWhole(capabilities, parts, property);
}
