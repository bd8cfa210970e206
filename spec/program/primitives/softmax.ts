import { gamma, lossNearZero } from '../../numeric/profile.js';
import { spread } from '../../numeric/relative-error.js';
import { SoftmaxRows, softmaxAttributes, softmaxAxes } from '../lib/softmax-rows.js';
import type { Application, Evaluated, Primitive } from '../primitive.js';
import { bytes, floats } from '../scratch.js';
import { elements, offsets, type SoftmaxAnalysis, strideOf } from '../tensor.js';

/** Cause of undecided weights. */
export const unbearable = 'scores may err by more than weights can bear';

type Empty = 'zero' | 'nan' | 'mean';

function layout({ out, axes, sizes }: Application, rowAxes: readonly string[]): { starts: Int32Array; step: number } {
  return { starts: offsets(out.axes, rowAxes, sizes), step: strideOf(out.axes, axes[0], sizes) };
}

/**
 * Softmax exp(x) / Σ exp(x) along an axis, over the elements that `where` keeps, with `sink` in the
 * sum. Hidden elements and scores of −∞ are structural zeros. An empty row without a sink is zero,
 * NaN or uniform by `emptyRow`; a row with an undecided `where` is undecided.
 */
export const softmax: Primitive = {
  name: 'softmax',
  open: unbearable,
  parameters: [
    { name: 'x', kind: 'number', stored: 'scores' },
    { name: 'axis', kind: 'axis' },
  ],
  attributes: { ...softmaxAttributes, emptyRow: { kind: 'choice', choices: ['zero', 'nan', 'mean'] } },
  shape: (signature) => ({ kind: 'number', axes: softmaxAxes(signature) }),
  value(application) {
    const { out, sizes, attributes } = application;
    const rows = new SoftmaxRows(application, out.axes);
    const { starts, step } = layout(application, rows.rowAxes);
    const value = floats(elements(out.axes, sizes));
    const zero = bytes(value.length);
    const policy = (attributes.emptyRow ?? 'zero') as Empty;
    let hidden = false;
    for (let row = 0; row < rows.count; row++) {
      rows.load(row);
      const defined = rows.empty && policy !== 'zero';
      for (let j = 0, at = starts[row]; j < rows.length; j++, at += step) {
        if (defined) value[at] = policy === 'nan' ? NaN : 1 / rows.length;
        else if (rows.contributes(j)) value[at] = rows.weight(j);
        else if (!rows.isOpen(j)) {
          zero[at] = 1;
          hidden = true;
        }
      }
    }
    return hidden ? { value, zero } : { value };
  },
  analysis: analyse,
  bound(application, result, analysis) {
    const { near, most = result.value, sumError, recomputed, unknown, undefinedRow, rowAxes } = analysis as SoftmaxAnalysis;
    const loss = lossNearZero(application.profile);
    const { starts, step } = layout(application, rowAxes);
    const length = application.sizes[application.axes[0]];
    const bound = floats(result.value.length);
    for (let row = 0; row < starts.length; row++) {
      if (undefinedRow[row]) continue;
      const own = sumError[row] + recomputed[row];
      for (let j = 0, at = starts[row]; j < length; j++, at += step)
        if (!result.zero?.[at]) bound[at] = unknown[row] ? Infinity : near[at] + most[at] * own + 2 * loss;
    }
    return bound;
  },
  mean: ({ axes: [axis] }) => ['sum', ['mul', 'out', 'dout'], axis],
  gradient({ operands, axes: [axis] }) {
    const where = operands.where && { where: 'where' };
    return {
      x: ['mul', 'out', ['sub', 'dout', 'mean']],
      ...(operands.sink && {
        sink: ['scale', -1, ['mul', ['exp', ['sub', 'sink', ['logsumexp', 'x', axis, { ...where, sink: 'sink' }]]], 'mean']],
      }),
    };
  },
};

function analyse(application: Application, result: Evaluated): SoftmaxAnalysis {
  const { out, axes, attributes, profile } = application;
  const rows = new SoftmaxRows(application, out.axes);
  const { starts, step } = layout(application, rows.rowAxes);
  const perRow = () => floats(rows.count);
  const near = floats(result.value.length);
  const [sumError, tiles, sink, recomputed] = [perRow(), perRow(), perRow(), perRow()];
  const [undefinedRow, unknown] = [bytes(rows.count), bytes(rows.count)];
  let most: Float64Array | undefined;
  for (let row = 0; row < rows.count; row++) {
    rows.load(row);
    if (rows.open) {
      unknown[row] = 1;
      continue;
    }
    const uniform = rows.empty && attributes.emptyRow === 'mean';
    if (rows.empty && !uniform) {
      undefinedRow[row] = attributes.emptyRow === 'nan' ? 1 : 0;
      continue;
    }
    // a uniform row is the softmax of equal visible scores
    const equal = 6 * profile.a + profile.exp;
    const total = uniform ? equal : rows.totalError();
    tiles[row] = uniform ? Math.ceil(rows.length / profile.tile) : rows.tiles;
    sumError[row] = gamma((uniform ? rows.length : rows.visible) + 4 * tiles[row] + 8, profile.a);
    if (application.gradients) recomputed[row] = (4 * (uniform ? 0 : Math.abs(rows.max) + Math.abs(rows.lse)) + 12) * profile.a;
    if (total < 0.5) {
      for (let j = 0, at = starts[row]; j < rows.length; j++, at += step)
        if (!result.zero?.[at]) near[at] = spread(result.value[at], uniform ? equal : rows.relativeError(j), total);
      sink[row] = rows.sinkSpread(total);
      continue;
    }
    const limits = floats(rows.length);
    const winner = recomputed[row] < 0.5 ? rows.winner(limits) : undefined;
    if (!winner) {
      unknown[row] = 1;
      continue;
    }
    // mean = winner's value + Σ p(v − winner's v) over all other keys, each p from 0 to its limit
    most ??= result.value.slice();
    for (let j = 0, at = starts[row]; j < rows.length; j++, at += step) {
      near[at] = j === winner.at ? winner.others : limits[j];
      if (!result.zero?.[at]) most[at] = j === winner.at ? 1 : limits[j];
    }
    sink[row] = winner.at < 0 ? winner.others : winner.sink;
  }
  return { axis: axes[0], rowAxes: rows.rowAxes, near, ...(most && { most }), unknown, sumError, recomputed, tiles, sink, undefinedRow };
}
