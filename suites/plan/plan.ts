import { floorsOf } from '../../generators/dims/floors.js';
import { type DrawSettings, drawSettings, type Feature } from '../../generators/lib/needs.js';
import type { Claims } from '../../spec/claims/claims.js';
import { DocumentError } from '../../spec/lib/documents.js';
import { nearest } from '../../spec/lib/nearest.js';
import { drawnMasks } from '../../spec/mask/drawn.js';
import { operatorsOf } from '../../spec/scheme/operators.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { DType, Operator, Profile, Speed } from '../../spec/types/documents.js';
import type { Check, CheckParts } from '../contract/check.js';
import type { Property } from '../contract/property.js';
import { UsageError } from '../lib/usage-error.js';
import { properties, propertyNamed } from '../properties/index.js';
import { checkMatcher } from './check-glob.js';
import { formatCheckId } from './check-id.js';
import { pairsOf } from './profile-checks.js';
import { excludedWhole, featuresOf, masksOf, unsupportedForm } from './support.js';

export interface PlannedAdapter {
  readonly id: string;
  readonly claims: Claims;
}

export interface PlanOptions extends DrawSettings {
  /** Cases per check; `+all` has four times as many. */
  readonly runs: number;
  readonly filter?: readonly string[];
  readonly schemes?: readonly string[];
}

const allFactor = 4;

interface AskedForm {
  readonly operator: Operator;
  readonly property: Property;
  readonly form: Form;
  /** Claims of the adapter in the form's scheme, or the reason why its kernel does not fit it. */
  readonly claims: Claims | string;
  readonly asked: readonly { readonly parts: CheckParts; readonly id: string }[];
}

/** Yields the forms to plan, by operator, property, mask (then features, then all). */
function* askedForms(profiles: readonly Profile[], adapter: PlannedAdapter, options: Omit<PlanOptions, 'runs'>): Generator<AskedForm> {
  const { library, capabilities } = adapter.claims;
  const filters = (options.filter ?? []).map(checkMatcher);
  for (const [operator, property] of pairs(library, profiles)) {
    // Unclaimed checks are counted instead (unclaimedChecks), unless a filter asks for them.
    if (filters.length === 0 && isUnclaimed(adapter.claims, operator, property)) continue;
    for (const form of forms(library, operator, property, capabilities.masks, options.schemes, options.filter)) {
      const { feature, mask, scheme } = form;
      const claims = adapter.claims.forScheme(scheme);
      // An adapter that is itself a scheme need not fit the built-in ones.
      if (typeof claims === 'string' && scheme !== undefined && capabilities.schemes && !options.schemes) continue;
      const asked = capabilities.dtypes
        .map((dtype) => {
          const parts: CheckParts = {
            operator: operator.name,
            ...(feature && { feature }),
            mask,
            property: property.name,
            dtype: dtype as DType,
            ...(scheme && { scheme }),
          };
          return { parts, id: formatCheckId(parts) };
        })
        .filter(({ id }) => filters.length === 0 || filters.some((matches) => matches(adapter.id, id)));
      if (asked.length > 0) yield { operator, property, form, claims, asked };
    }
  }
}

/** Returns the names of operators with at least one supported check. */
export function judgedOperators(checks: readonly Check[]): ReadonlySet<string> {
  return new Set(checks.filter(({ unsupported }) => unsupported === undefined).map(({ operator }) => operator));
}

/** Returns the ids that planChecks would plan, far faster. @throws {DocumentError} */
export function plannedIds(profiles: readonly Profile[], adapter: PlannedAdapter): string[] {
  return [...askedForms(profiles, adapter, {})].flatMap(({ asked }) => asked.map(({ id }) => id));
}

/**
 * Plans an adapter's checks, by operator, property, mask (then features, then all) and dtype.
 * Unclaimed operators are planned only with a filter.
 * @throws {DocumentError} if a profile names an unknown operator or property.
 */
export function planChecks(profiles: readonly Profile[], adapter: PlannedAdapter, options: PlanOptions): Check[] {
  const checks: Check[] = [];
  for (const { operator, property, form, claims, asked } of askedForms(profiles, adapter, options)) {
    const { feature } = form;
    const { needs } = property;
    const settings = { ...drawSettings(options), speed: speedOf(adapter, options) };
    const gap = typeof claims === 'string' ? claims : unsupportedForm(claims, operator, property, form, settings);
    for (const { parts, id } of asked) {
      const unsupported = excludedWhole(adapter.claims.capabilities, property, parts) ?? gap;
      const most = options.runs * (feature === 'all' ? allFactor : 1);
      const drawn = unsupported !== undefined ? 0 : Math.min(most, property.cases ?? Infinity);
      const request = { ...settings, ...parts, needs };
      const floors = drawn === 0 || typeof claims === 'string' ? [] : floorsOf(operator, claims.capabilities, request);
      const sizes = Math.min(drawn, floors.length);
      checks.push({
        id,
        adapter: adapter.id,
        ...parts,
        cases: drawn + sizes,
        floors: sizes,
        request,
        unsupported,
      });
    }
  }
  return checks;
}

/** Speed class for drawing cases. It is never measured, so a plan is the same on every machine. */
export function speedOf({ claims }: PlannedAdapter, { speed }: Pick<DrawSettings, 'speed'>): Speed {
  return speed ?? claims.capabilities.speed;
}

/** Per-scheme properties count as claimed: a scheme may ask the kernel for another operator. */
function isUnclaimed({ capabilities }: Claims, operator: Operator, { perScheme }: Property): boolean {
  return !perScheme && !capabilities.operators.includes(operator.name);
}

/** Counts the checks of unclaimed operators that the profiles ask of an adapter, by operator. */
export function unclaimedChecks(
  profiles: readonly Profile[],
  { claims }: PlannedAdapter,
  { schemes }: Pick<PlanOptions, 'schemes'> = {},
): Record<string, number> {
  const { library, capabilities } = claims;
  const counts: Record<string, number> = {};
  for (const [operator, property] of pairs(library, profiles)) {
    if (!isUnclaimed(claims, operator, property)) continue;
    const count = forms(library, operator, property, capabilities.masks, schemes).length * capabilities.dtypes.length;
    if (count > 0) counts[operator.name] = (counts[operator.name] ?? 0) + count;
  }
  return counts;
}

function pairs(library: SpecLibrary, profiles: readonly Profile[]): [Operator, Property][] {
  const found = new Map<string, [Operator, Property]>();
  for (const profile of profiles) {
    const unknown = (path: string, name: string, known: Iterable<string>) =>
      new DocumentError(`profile ${profile.name}`, path, `found "${name}", the nearest are ${nearest(name, known).join(', ')}`);
    for (const pair of pairsOf(library, profile)) {
      if (found.has(pair)) continue;
      const [operatorName, propertyName] = pair.split('/');
      const operator = library.operators.get(operatorName);
      const property = propertyNamed(propertyName);
      if (!operator) throw unknown('$.operators', operatorName, library.operators.keys());
      if (!property)
        throw unknown(
          '$.properties',
          propertyName,
          properties.map((p) => p.name),
        );
      if (property.speaksOf?.(operator) ?? true) found.set(pair, [operator, property]);
    }
  }
  return [...found.values()];
}

interface Form {
  readonly mask: string;
  readonly feature?: Feature;
  readonly scheme?: string;
}

/** Forms to check, for masks that the adapter claims. A rare mask needs a claim or a filter. */
function forms(
  library: SpecLibrary,
  operator: Operator,
  property: Property,
  claimed: readonly string[],
  schemes: readonly string[] = [...library.schemes.keys()],
  asked: readonly string[] = [],
): Form[] {
  const formsWith = (named: readonly string[]) => {
    const masks = masksOf(operator, drawnMasks(library, named)).filter(
      (mask) => !library.masks.get(mask)?.rare || named.includes(mask) || asked.some((filter) => filter.includes(mask)),
    );
    const plain = property.perMask ? masks.map((mask) => ({ mask })) : [{ mask: 'any' }];
    const extra = property.perFeature ? featuresOf(operator).map((feature) => ({ mask: 'any', feature })) : [];
    return [...plain, ...extra];
  };
  if (!property.perScheme) return formsWith(claimed);
  return schemes
    .filter((name) => {
      const scheme = library.schemes.get(name);
      return scheme === undefined || operatorsOf(scheme).includes(operator.name);
    })
    .flatMap((scheme) => {
      const { masks = 'any' } = library.schemes.get(scheme) ?? {};
      return formsWith(masks === 'any' ? [] : masks).map((form) => ({ ...form, scheme }));
    });
}

/**
 * Returns the checks that match a filter. `elsewhere` names other profiles with matches.
 * @throws {UsageError} if a filter matches no check, naming these profiles or the nearest ids.
 */
export function matchedChecks(
  filters: readonly string[],
  plan: (filters: readonly string[]) => Check[],
  elsewhere: (filter: string) => readonly string[] = () => [],
): Check[] {
  const matched = plan(filters);
  for (const filter of filters) {
    const matches = checkMatcher(filter);
    if (matched.some((c) => matches(c.adapter, c.id))) continue;
    const profiles = elsewhere(filter);
    if (profiles.length > 0)
      throw new UsageError(
        `--filter ${filter} matches no check of the profiles that are judged; it does with --profile ${profiles.join(', or --profile ')}`,
      );
    const plannable = plan([]);
    const ids = filter.includes('::') ? plannable.map((c) => `${c.adapter}::${c.id}`) : plannable.map((c) => c.id);
    throw new UsageError(
      `--filter ${filter} matches no check; the nearest are ${nearest(filter, ids).join(', ') || 'none: nothing is planned'}`,
    );
  }
  return matched;
}

/** Hash of a plan. Two runs of equal hash judge the same cases by the same rules. */
export async function planHash(checks: readonly Check[], seed: number, rest: Readonly<Record<string, unknown>>): Promise<string> {
  const lines = checks.map((c) => `\n${c.adapter}::${c.id} ${c.cases} ${c.unsupported ?? ''}`);
  const text = new TextEncoder().encode(JSON.stringify({ seed, ...rest }) + lines.join(''));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  return Array.from(hash.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
