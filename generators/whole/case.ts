import { Arbitrary, type Random, Stream, Value } from 'fast-check';
import type { Claims } from '../../spec/claims/claims.js';
import { countText } from '../../spec/lib/units.js';
import type { CompiledMask } from '../../spec/mask/compile/compiled-mask.js';
import type { Case, Dims } from '../../spec/types/documents.js';
import { type Floor, floorsOf } from '../dims/floors.js';
import { hasHistory } from '../history/inputs.js';
import type { CaseSpace } from '../lib/case-space.js';
import type { Flat } from '../lib/flat.js';
import type { DrawRequest } from '../lib/needs.js';
import { drawCase } from '../lib/seeds.js';
import { Undrawable } from '../lib/undrawable.js';
import { hasLargestShape } from '../mask/rules.js';
import { hasHiddenKey, maskTraits } from '../mask/traits.js';
import { longInputs } from '../values/long-inputs.js';
import { flipsMask } from '../values/transform.js';
import { drawFlat } from './draw.js';
import { drawFloor } from './draw-floors.js';
import { isExcluded } from './excludes.js';
import { settled } from './flat-table.js';
import { maskForm, masksOf } from './mask-form.js';
import { mutated } from './mutate.js';
import { parts } from './parts.js';
import { type Smaller, smaller } from './smaller.js';
import { caseSpace } from './space.js';
import { toCase } from './to-case.js';

/** Draws until one is not excluded. */
const ATTEMPTS = 1000;

/** Draws until a case has a preferred mask; then any case is taken. */
const PREFERENCES = 24;

/**
 * Cases for a check within the implementation's claims; shrunk cases are within them too. The
 * context of a value is its flat case and the field at which shrinking begins.
 * @throws {Undrawable} if the claims leave no case.
 */
export function caseArbitrary(claims: Claims, request: DrawRequest): CaseArbitrary {
  return new CaseArbitrary(claims, caseSpace(claims, request));
}

/** Why no case can be drawn for a request; undefined where one can. */
export function whyUndrawable(claims: Claims, request: DrawRequest): string | undefined {
  try {
    drawCase(caseArbitrary(claims, request), 0);
    return undefined;
  } catch (error) {
    if (error instanceof Undrawable) return error.message;
    throw error;
  }
}

/** Drawn sizes of a case; a history determines the remaining ones. */
function drawnSizes(c: Case): Flat {
  const { hk, g, d, e } = c.dims;
  return hasHistory(c) && longInputs[c.values.distribution] === undefined ? { hk, g, d, e } : { ...c.dims };
}

/** True if a size was raised by another than the mask: it would come back, and so on for ever. */
function hasGrown(c: Case, before: Case, flat: Flat): boolean {
  if (JSON.stringify(c.mask) !== JSON.stringify(before.mask)) return false;
  return Object.entries(drawnSizes(c)).some(([axis, size]) => size > Math.max(before.dims[axis as keyof Dims], flat[axis]));
}

/** Tells whether the last row of a mask sees a key in the first half, or the first row one in the second. */
function seesFar(mask: CompiledMask): boolean {
  const { m, n } = mask;
  const runs = new Int32Array(n + 2);
  if (mask.runs(0, 0, m - 1, runs) > 0 && runs[0] < n / 2) return true;
  const count = mask.runs(0, 0, 0, runs);
  return count > 0 && runs[2 * count - 1] > n / 2;
}

export class CaseArbitrary extends Arbitrary<Case> {
  private readonly biasMayNotFit: boolean;

  constructor(
    private readonly claims: Claims,
    private readonly space: CaseSpace,
    /** Size that each of its cases has; absent: drawn. */
    private readonly floor?: Floor,
  ) {
    super();
    this.biasMayNotFit = space.capabilities.denseMask !== 'boolean' && !hasLargestShape(space.capabilities);
  }

  override generate(random: Random): Value<Case> {
    let found: Value<Case> | undefined;
    for (let attempt = 0, preferences = 0; attempt < ATTEMPTS && preferences < PREFERENCES; attempt++) {
      const flat = this.floor ? drawFloor(random, this.space, this.floor) : drawFlat(random, this.space);
      const c = toCase(this.space, flat);
      if (this.excludes(c)) continue;
      found = new Value(c, { flat, field: 0, drawn: true } satisfies Smaller);
      if (this.isPreferred(c)) return found;
      preferences++;
    }
    if (!found) throw new Undrawable(this.whyNone());
    return found;
  }

  /** The same cases at the floors of the check, one after the other. */
  atFloors(): CaseArbitrary[] {
    const { operator, capabilities, request } = this.space;
    return floorsOf(operator, capabilities, request).map((floor) => new CaseArbitrary(this.claims, this.space, floor));
  }

  /** The cases that are of no production sizes: of many heads and tokens, some choice is too close to call. */
  small(): CaseArbitrary {
    return new CaseArbitrary(this.claims, { ...this.space, production: undefined });
  }

  override canShrinkWithoutContext(_value: unknown): _value is Case {
    return false;
  }

  /**
   * A case a little different from the first, perhaps with a part of the second: within the claims, and shrinking as any other.
   * Returns undefined if a change makes no other case, or one that is not claimed; the next may.
   */
  mutate(random: Random, { value, context }: Value<Case>, other: Value<Case>): Value<Case> | undefined {
    const flat = mutated(random, (context as Smaller).flat, (other.context as Smaller).flat);
    const c = toCase(this.space, flat);
    if (JSON.stringify(c) === JSON.stringify(value) || this.excludes(c)) return undefined;
    return new Value(c, { flat, field: 0, drawn: true } satisfies Smaller);
  }

  override shrink(value: Case, context: unknown): Stream<Value<Case>> {
    return context === undefined ? Stream.nil() : new Stream(this.smallerCases(value, context as Smaller));
  }

  private *smallerCases(value: Case, { flat: drawn, ...from }: Smaller): Generator<Value<Case>> {
    const seen = new Set([JSON.stringify(value)]);
    const same = (candidate: Flat) => seen.has(JSON.stringify(toCase(this.space, candidate)));
    // effective sizes: a size that the cost limit cut would grow as soon as another shrinks
    const sizes = drawnSizes(value);
    const cut: Flat = { ...drawn, ...sizes };
    const flat = same(cut) ? settled(cut, Object.keys(sizes), same) : settled(drawn, [], same);
    for (const candidate of smaller({ flat, ...from }, value.parallel?.ranks)) {
      const c = toCase(this.space, candidate.flat);
      const text = JSON.stringify(c);
      if (seen.has(text) || this.excludes(c) || hasGrown(c, value, candidate.flat)) continue;
      seen.add(text);
      yield new Value(c, candidate);
    }
  }

  /** Says why no case was found. */
  private whyNone(): string {
    const { parallel, request } = this.space;
    return parallel && request.needs.targeted
      ? `no case of ${countText(request.tokens ?? 2 ** 15)} tokens that the scheme takes costs as little as a call may at this speed`
      : 'every case that was drawn is excluded by "excludes" in the capabilities';
  }

  /** True if the implementation does not claim this case, although it is within its limits. */
  private excludes(c: Case): boolean {
    const { capabilities, request } = this.space;
    if (isExcluded(capabilities.excludes, c, request.needs.gradients === true)) return true;
    if (this.space.request.needs.targeted && longInputs[c.values.distribution]?.fits(c) !== true) return true;
    if (parts.some((part) => part.excludes?.(this.claims, this.space, c))) return true;
    if (this.space.request.needs.targeted && this.space.request.mask === 'any' && !this.isAffordable(c)) return true;
    // a mask that is added to a bias must have its shape, and one with a cell changed some shape
    const mayNotFit = (this.biasMayNotFit && c.options.bias === true) || flipsMask(c);
    return mayNotFit && maskForm(this.claims, c, masksOf(this.claims.library, c).own) === undefined;
  }

  /** True if a long case costs no more than its calls may, and is on several ranks where it may be: with some masks, no size is small enough. */
  private isAffordable(c: Case): boolean {
    const { parallel, longFit } = this.space;
    const isAlone = c.parallel?.ranks === 1 && parallel?.ranks.some((ranks) => ranks > 1);
    return !isAlone && longFit?.(c) === true;
  }

  private isPreferred(c: Case): boolean {
    const { emptyRows, hiddenKeys, targeted } = this.space.request.needs;
    // a window needs neighbouring blocks only, and hides faults on the way from a far rank
    if (this.space.parallel && targeted && c.values.seed % 3 > 0) return seesFar(masksOf(this.claims.library, c).own);
    if (!emptyRows && !hiddenKeys) return true;
    const mask = masksOf(this.claims.library, c).own;
    const tiled = this.space.capabilities.dialect.heads === 'tiled';
    return (!emptyRows || maskTraits(mask).emptyRow) && (!hiddenKeys || hasHiddenKey(mask, c.dims.hk, tiled));
  }
}
