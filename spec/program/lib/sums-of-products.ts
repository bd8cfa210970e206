import type { Application } from '../primitive.js';
import { floats, madeFor } from '../scratch.js';
import { elements, offsets, type ProgramTensor } from '../tensor.js';
import { type BlockedContraction, blockedContraction, sumsOfDistances, sumsOfProducts } from './blocked-contraction.js';
import { onesOf } from './kept-values.js';
import { distances, eights, fours, type Places } from './sums-in-loops.js';

/** Sums over operands x and y, shared by values and bounds. */
export function sumsOver(application: Application, x: ProgramTensor, y: ProgramTensor): SumsOfProducts {
  const sums = madeFor(application, () => new SumsOfProducts(application, x, y));
  return sums.x === x ? sums : new SumsOfProducts(application, x, y);
}

/** Sums over the terms of a contraction: matrix blocks if faster, else plain loops. */
export class SumsOfProducts {
  readonly blocks?: BlockedContraction;
  readonly size: number;
  readonly terms: number;
  private placesOfX?: Places;
  private placesOfY?: Places;
  private counts?: Float64Array;

  constructor(
    private readonly application: Pick<Application, 'axes' | 'out' | 'sizes'>,
    readonly x: ProgramTensor,
    private readonly y: ProgramTensor,
  ) {
    const { axes, out, sizes } = application;
    this.blocks = blockedContraction(application, x, y);
    this.size = elements(out.axes, sizes);
    this.terms = elements(axes, sizes);
  }

  // lazy offsets: blocks rarely need them, and they are as large as the result

  get xPlaces(): Places {
    this.placesOfX ??= this.placesIn(this.x);
    return this.placesOfX;
  }

  get yPlaces(): Places {
    this.placesOfY ??= this.placesIn(this.y);
    return this.placesOfY;
  }

  /** Computes Σ x·y for numbers at the operands' offsets. */
  of(x: Float64Array, y: Float64Array): Float64Array {
    const { blocks, size } = this;
    if (blocks) return sumsOfProducts(blocks, x, y, size);
    const value = floats(size);
    const { xPlaces, yPlaces } = this;
    const xRun = this.neighboursIn(this.x);
    const yRun = this.neighboursIn(this.y);
    if (xRun >= 8) eights(x, y, xPlaces, yPlaces, xRun, value);
    else if (yRun >= 8) eights(y, x, yPlaces, xPlaces, yRun, value);
    else fours(x, y, xPlaces, yPlaces, value);
    return value;
  }

  /** Computes Σ x·|y − mean|, with one mean per result element. */
  distances(x: Float64Array, y: Float64Array, mean: Float64Array): Float64Array {
    const { blocks } = this;
    if (blocks) return sumsOfDistances(blocks, x, y, mean);
    const value = floats(this.size);
    distances(x, y, mean, this.xPlaces, this.yPlaces, value);
    return value;
  }

  /** Counts the terms of each sum without structural zeros. */
  kept(): Float64Array {
    this.counts ??= this.counted();
    return this.counts;
  }

  private counted(): Float64Array {
    const { x, y } = this;
    if (x.zero && y.zero) return this.of(onesOf(x), onesOf(y));
    const counts = floats(this.size).fill(this.terms);
    const { zero } = x.zero ? x : y;
    if (!zero) return counts;
    const { outer, inner } = x.zero ? this.xPlaces : this.yPlaces;
    const known = floats(zero.length).fill(-1);
    for (let i = 0; i < counts.length; i++) {
      const from = outer[i];
      if (known[from] < 0) {
        let count = 0;
        for (let k = 0; k < inner.length; k++) if (!zero[from + inner[k]]) count++;
        known[from] = count;
      }
      counts[i] = known[from];
    }
    return counts;
  }

  private placesIn({ axes: own }: ProgramTensor): Places {
    const { axes, out, sizes } = this.application;
    return { outer: offsets(own, out.axes, sizes), inner: offsets(own, axes, sizes) };
  }

  private neighboursIn({ axes: own }: ProgramTensor): number {
    const { out, sizes } = this.application;
    let run = 1;
    for (let at = out.axes.length - 1; at >= 0 && (sizes[out.axes[at]] === 1 || !own.includes(out.axes[at])); at--)
      run *= sizes[out.axes[at]];
    return run;
  }
}
