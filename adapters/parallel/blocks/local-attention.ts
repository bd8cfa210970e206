import type { FullCapabilities } from '../../../spec/claims/capabilities.js';
import { denseSizes } from '../../../spec/claims/dense-shapes.js';
import { type Dialect, deviations } from '../../../spec/dialect.js';
import type { CompiledMask } from '../../../spec/mask/compile/compiled-mask.js';
import { type DenseShape, denseAdditive, denseBoolean } from '../../../spec/mask/views/dense.js';
import { pickMask } from '../../../spec/mask/views/pick.js';
import { type Positions, placesOf } from '../../../spec/positions.js';
import type { SpecLibrary } from '../../../spec/spec-library.js';
import { contiguous, type Tensor, type Tensors, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case, Range } from '../../../spec/types/documents.js';
import { type Kernel, Unsupported } from '../../kernel.js';
import type { AttentionState } from './attention-state.js';

/** Query heads [first, first + keyHeads·group), and their number of key heads. */
export interface HeadRange {
  readonly first: number;
  readonly keyHeads: number;
  readonly group: number;
}

/** Block of attention: q [b, heads, rows, d], k [b, keyHeads, keys, d], v [b, keyHeads, keys, e] */
export interface AttentionBlock {
  readonly queries: readonly Positions[];
  readonly keys: readonly Positions[];
  readonly q: Tensor;
  readonly k: Tensor;
  readonly v: Tensor;
  /** Heads of the block; default: all. */
  readonly heads?: HeadRange;
  /** True if the sink counts, in exactly one block of each row. */
  readonly sink: boolean;
}

/** Gradients of a block, in float64; dsink [heads] if the sink counts. */
export interface BlockGradients {
  readonly dq: Float64Array;
  readonly dk: Float64Array;
  readonly dv: Float64Array;
  readonly dsink?: Float64Array;
}

interface BlockMask {
  readonly mask: CompiledMask;
  readonly area: number;
  readonly name: string | undefined;
}

/** Problem that all ranks work on together. */
export interface WholeProblem {
  readonly library: SpecLibrary;
  readonly case: Case;
  readonly mask: CompiledMask;
  /** Sink [hq]. */
  readonly sink?: Tensor;
  /** Decay [hk]. */
  readonly decay?: Tensor;
}

/** Attention of blocks, as a program calls it. */
export interface BlockAttention extends Pick<LocalAttention, 'area' | 'backward'> {
  /** May return undefined at once instead of a promise. */
  forward(block: AttentionBlock): Promise<AttentionState | undefined> | undefined;
  over(whole: WholeProblem): BlockAttention;
}

/** Attention of blocks of a larger problem, by the kernel of one rank (CONTRACTS: blocks). */
export class LocalAttention {
  /** Settings of the kernel's dialect that differ from the default. */
  private readonly dialect: Dialect | undefined;

  constructor(
    private readonly kernel: Pick<Kernel, 'forward' | 'backward'>,
    private readonly capabilities: FullCapabilities,
    readonly whole: WholeProblem,
    private readonly computed = { area: 0 },
  ) {
    const dialect = deviations(capabilities.dialect);
    if (Object.keys(dialect).length > 0) this.dialect = dialect;
  }

  /** Visible cells computed so far, over heads and batch entries. */
  get area(): number {
    return this.computed.area;
  }

  set area(cells: number) {
    this.computed.area = cells;
  }

  /** Returns attention of another problem by the same kernel, counted in the same `area`. */
  over(whole: WholeProblem): LocalAttention {
    return new LocalAttention(this.kernel, this.capabilities, whole, this.computed);
  }

  /**
   * Returns o and LSE (base e, with the sink if it counts); rows without visible keys are (0, −∞)
   * or (0, sink). Returns undefined without visible cells and sink.
   */
  async forward(block: AttentionBlock): Promise<AttentionState | undefined> {
    const { mask, area, name } = this.maskOf(block);
    const withSink = block.sink && this.whole.sink !== undefined;
    if (mask.m === 0 || mask.n === 0 || (area === 0 && !withSink)) return withSink && mask.m > 0 ? this.sinkAlone(block, mask) : undefined;
    this.area += area;
    const { case: c, tensors } = this.callOf(block, mask, name);
    const { o, lse } = await this.kernel.forward({ case: c, tensors });
    return this.cleared({ o: Float64Array.from(valuesOf(o)), lse: Float64Array.from(valuesOf(lse)) }, block, mask, withSink);
  }

  /** Returns gradients from the global o and LSE; undefined without visible cells and sink. */
  async backward(block: AttentionBlock, o: Tensor, lse: Tensor, cotangent: Tensor): Promise<BlockGradients | undefined> {
    const { mask, area, name } = this.maskOf(block);
    const withSink = block.sink && this.whole.sink !== undefined;
    if (mask.m === 0 || mask.n === 0 || (area === 0 && !withSink)) return undefined;
    this.area += area;
    const { case: c, tensors } = this.callOf(block, mask, name);
    const gradients = (await this.kernel.backward?.({ case: c, tensors: { ...tensors, o, lse, do: cotangent } })) as Tensors;
    const { dq, dk, dv, dsink } = gradients;
    return { dq: valuesOf(dq), dk: valuesOf(dk), dv: valuesOf(dv), ...(withSink && dsink && { dsink: valuesOf(dsink) }) };
  }

  private maskOf(block: AttentionBlock): BlockMask {
    const known = masksOf(this.whole, block);
    const heads = block.heads ? `${block.heads.first} ${block.heads.keyHeads} ${block.heads.group}` : '';
    const mask = known.get(heads) ?? this.pick(block);
    known.set(heads, mask);
    return mask;
  }

  private pick({ queries, keys, heads }: AttentionBlock): BlockMask {
    const all = this.whole.mask;
    const which = heads && Int32Array.from({ length: heads.keyHeads * heads.group }, (_, h) => heads.first + h);
    const mask = pickMask(all, placesOf(queries), placesOf(keys), which && which.length < all.heads ? which : undefined);
    const area = mask.area();
    return { mask, area, name: this.named(mask, area) };
  }

  /** Builds the call of a block. @throws {Unsupported} if the kernel takes no fitting mask. */
  private callOf(block: AttentionBlock, mask: CompiledMask, name: string | undefined): { case: Case; tensors: Tensors } {
    const { q, k, v, heads, queries, keys } = block;
    const { case: whole, sink } = this.whole;
    const { parallel: _, views: __, dialect: ____, ...rest } = whole;
    const { sink: ___, ...options } = whole.options;
    const group = heads?.group ?? whole.dims.g;
    const keyHeads = heads?.keyHeads ?? whole.dims.hk;
    const tensors: Tensors = { q, k, v };
    const counts = block.sink && sink !== undefined;
    const [rows, columns] = [rangeOf(queries), rangeOf(keys)];
    const dims = { ...whole.dims, hk: keyHeads, g: group, m: mask.m, n: mask.n };
    const places = rows.all && columns.all ? undefined : { queries: [...queries], keys: [...keys] };
    const c: Case = {
      ...rest,
      dims,
      mask: name ? { name } : whole.mask,
      options: counts ? { ...options, sink: true } : options,
      ...(this.dialect && { dialect: this.dialect }),
      block: { queries: rows.range, keys: columns.range, of: whole.mask, whole: [whole.dims.m, whole.dims.n], ...(places && { places }) },
    };
    if (counts) tensors.sink = contiguous(headsOf(sink as Tensor, heads));
    if (!name) this.addMask(tensors, mask, c);
    return { case: c, tensors };
  }

  /** Returns `full` if every cell is visible and the kernel claims that mask. */
  private named(mask: CompiledMask, area: number): string | undefined {
    const full = area === mask.b * mask.heads * mask.m * mask.n;
    return full && this.capabilities.masks.includes('full') ? 'full' : undefined;
  }

  private addMask(tensors: Tensors, mask: CompiledMask, c: Case): void {
    const { denseMask, dialect } = this.capabilities;
    if (denseMask === false) throw new Unsupported('the kernel takes neither the mask of this block by its name nor a dense mask');
    const shape = this.denseShape(mask);
    if (denseMask === 'additive') tensors.bias = denseAdditive(mask, shape, c.dtype);
    else tensors.mask = denseBoolean(mask, shape, dialect.booleanMask === 'drop');
  }

  /** Returns the smallest claimed dense shape that fits. @throws {Unsupported} if no shape fits. */
  private denseShape(mask: CompiledMask): DenseShape {
    const shapes = denseSizes(this.capabilities.denseMaskShapes, mask);
    const fitting = shapes.filter((s) => (s.b === mask.b || !mask.perBatch) && (s.heads === mask.heads || !mask.perHead) && s.m === mask.m);
    const [first] = fitting.sort((x, y) => x.b * x.heads - y.b * y.heads);
    if (!first) throw new Unsupported('the mask of this block fits none of the dense mask shapes that the kernel claims');
    return first;
  }

  /**
   * Converts a result from the kernel's dialect: LSE to base e with the sink; rows without visible
   * keys to o = 0 and the sink, or −∞, as LSE.
   */
  private cleared(partial: AttentionState, block: AttentionBlock, mask: CompiledMask, withSink: boolean): AttentionState {
    const { dialect } = this.capabilities;
    const { e } = this.whole.case.dims;
    const sinks = withSink ? valuesOf(headsOf(this.whole.sink as Tensor, block.heads)) : undefined;
    const runs = new Int32Array(mask.n + 2);
    for (let b = 0, row = 0; b < mask.b; b++) {
      for (let h = 0; h < mask.heads; h++) {
        for (let i = 0; i < mask.m; i++, row++) {
          const sees = mask.runs(b, h, i, runs) > 0;
          if (dialect.lseBase === '2') partial.lse[row] *= Math.LN2;
          if (sees && sinks && dialect.lseSink === 'excluded') {
            partial.lse[row] = Math.max(partial.lse[row], sinks[h]) + Math.log1p(Math.exp(-Math.abs(partial.lse[row] - sinks[h])));
          }
          if (sees) continue;
          partial.lse[row] = sinks ? sinks[h] : -Infinity;
          partial.o.fill(0, row * e, (row + 1) * e);
        }
      }
    }
    return partial;
  }

  private sinkAlone(block: AttentionBlock, mask: CompiledMask): AttentionState {
    const rows = mask.b * mask.heads * mask.m;
    const partial = { o: new Float64Array(rows * this.whole.case.dims.e), lse: new Float64Array(rows) };
    return this.cleared(partial, block, mask, true);
  }
}

/** Masks of blocks by identity of their positions, which a job makes only once. */
const masks = new WeakMap<WholeProblem, WeakMap<readonly Positions[], WeakMap<readonly Positions[], Map<string, BlockMask>>>>();

function masksOf(whole: WholeProblem, { queries, keys }: AttentionBlock): Map<string, BlockMask> {
  const ofWhole = getOr(masks, whole, () => new WeakMap());
  const ofQueries = getOr(ofWhole, queries, () => new WeakMap());
  return getOr(ofQueries, keys, () => new Map<string, BlockMask>());
}

function getOr<K extends object, V>(map: WeakMap<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

function headsOf(t: Tensor, heads: HeadRange | undefined): Tensor {
  if (!heads) return t;
  const count = heads.keyHeads * heads.group;
  return tensorOf(t.dtype, [count], valuesOf(t).subarray(heads.first, heads.first + count));
}

/** Returns the range of the positions, and whether they fill it. */
function rangeOf(segments: readonly Positions[]): { range: Range; all: boolean } {
  const places = placesOf(segments);
  let [start, end] = [places[0], places[0] + 1];
  for (const place of places) [start, end] = [Math.min(start, place), Math.max(end, place + 1)];
  // rows of padding inside a shard are not in the order of positions
  return { range: [start, end], all: places.every((place, x) => place === start + x) };
}
