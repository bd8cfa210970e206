import { Arbitrary, type Random, Stream, Value } from 'fast-check';
import type { Claims } from '../../spec/claims/claims.js';
import { excludedBy } from '../../spec/claims/excluded.js';
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
import { settled } from './flat-table.js';
import { maskForm, masksOf } from './mask-form.js';
import { mutated } from './mutate.js';
import { parts } from './parts.js';
import { type Smaller, smaller } from './smaller.js';
import { caseSpace } from './space.js';
import { toCase } from './to-case.js';

const ATTEMPTS = 1000;

/** Most draws until a mask is one that the property prefers; then any mask is taken. */
const PREFERENCES = 24;

/** Cases for a check, within the claims. @throws {Undrawable} if the claims leave no case. */
export function caseArbitrary(claims: Claims, request: DrawRequest): CaseArbitrary {
  return new CaseArbitrary(claims, caseSpace(claims, request));
}

/** Reason why no case can be drawn for a request; undefined if one can. */
export function whyUndrawable(claims: Claims, request: DrawRequest): string | undefined {
  try {
    drawCase(caseArbitrary(claims, request), 0);
    return undefined;
  } catch (error) {
    if (error instanceof Undrawable) return error.message;
    throw error;
  }
}

/** Sizes of a case that are drawn. A history sets the other sizes, except in a long case. */
function drawnSizes(c: Case): Flat {
  const { hk, g, d, e } = c.dims;
  return hasHistory(c) && longInputs[c.values.distribution] === undefined ? { hk, g, d, e } : { ...c.dims };
}

/** True if a size grew under the same mask, so that shrinking could undo and repeat it for ever. */
function hasGrown(c: Case, before: Case, flat: Flat): boolean {
  if (JSON.stringify(c.mask) !== JSON.stringify(before.mask)) return false;
  return Object.entries(drawnSizes(c)).some(([axis, size]) => size > Math.max(before.dims[axis as keyof Dims], flat[axis]));
}

/** True if a mask's last row sees a key in the first half, or its first row one in the second. */
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

  atFloors(): CaseArbitrary[] {
    const { operator, capabilities, request } = this.space;
    return floorsOf(operator, capabilities, request).map((floor) => new CaseArbitrary(this.claims, this.space, floor));
  }

  /** Cases without production sizes: with many heads, some choice is too close to call. */
  small(): CaseArbitrary {
    return new CaseArbitrary(this.claims, { ...this.space, production: undefined });
  }

  override canShrinkWithoutContext(_value: unknown): _value is Case {
    return false;
  }

  /** Changes a case a little, perhaps with a part of `other`; undefined if it stays as it is. */
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
    // starts from the case's sizes: a size cut to the budget could grow as soon as another shrinks
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

  private whyNone(): string {
    const { parallel, request } = this.space;
    return parallel && request.needs.targeted
      ? `every case of ${countText(request.tokens ?? 2 ** 15)} tokens that the scheme accepts costs more than a call may at this speed`
      : 'every case that was drawn is excluded by "excludes" in the capabilities';
  }

  /** True if the implementation does not claim this case, although it is within its limits. */
  private excludes(c: Case): boolean {
    const { capabilities, request } = this.space;
    if (excludedBy(capabilities, c, request.needs.gradients === true)) return true;
    if (this.space.request.needs.targeted && longInputs[c.values.distribution]?.fits(c) !== true) return true;
    if (parts.some((part) => part.excludes?.(this.claims, this.space, c))) return true;
    if (this.space.request.needs.targeted && this.space.request.mask === 'any' && !this.isAffordable(c)) return true;
    // a mask added to a bias must fit its shape, and a mask with a changed cell must fit some shape
    const mayNotFit = (this.biasMayNotFit && c.options.bias === true) || flipsMask(c);
    return mayNotFit && maskForm(this.claims, c, masksOf(this.claims.library, c).own) === undefined;
  }

  /** True if a long case is affordable, and on several ranks if possible. */
  private isAffordable(c: Case): boolean {
    const { parallel, longFit } = this.space;
    const isAlone = c.parallel?.ranks === 1 && parallel?.ranks.some((ranks) => ranks > 1);
    return !isAlone && longFit?.(c) === true;
  }

  private isPreferred(c: Case): boolean {
    const { emptyRows, hiddenKeys, targeted } = this.space.request.needs;
    // a window alone needs only neighbouring blocks, and hides faults on the way from a far rank
    if (this.space.parallel && targeted && c.values.seed % 3 > 0) return seesFar(masksOf(this.claims.library, c).own);
    if (!emptyRows && !hiddenKeys) return true;
    const mask = masksOf(this.claims.library, c).own;
    const tiled = this.space.capabilities.dialect.heads === 'tiled';
    return (!emptyRows || maskTraits(mask).emptyRow) && (!hiddenKeys || hasHiddenKey(mask, c.dims.hk, tiled));
  }
}
