import { lseError } from '../../numeric/lse-error.js';
import { SoftmaxRows, softmaxAttributes, softmaxAxes } from '../lib/softmax-rows.js';
import type { Application, Primitive } from '../primitive.js';
import { floats } from '../scratch.js';
import { without } from '../tensor.js';

/** LSE of an empty row. For `finite`, the comparator accepts any finite number ≤ −1e4. */
const emptyRows = { '-inf': -Infinity, '+inf': Infinity, zero: 0, nan: NaN, finite: -Infinity } as const;

function rowsOf(application: Application): SoftmaxRows {
  return new SoftmaxRows(application, [...application.out.axes, ...application.axes]);
}

/** log Σ exp(x) along an axis, over the elements that `where` keeps, and the `sink`. */
export const logsumexp: Primitive = {
  name: 'logsumexp',
  parameters: [
    { name: 'x', kind: 'number', stored: 'scores' },
    { name: 'axis', kind: 'axis' },
  ],
  attributes: { ...softmaxAttributes, emptyRow: { kind: 'choice', choices: Object.keys(emptyRows) } },
  shape: (signature) => ({ kind: 'number', axes: without(softmaxAxes(signature), signature.axes) }),
  value(application) {
    const rows = rowsOf(application);
    const value = floats(rows.count);
    const policy = (application.attributes.emptyRow ?? '-inf') as keyof typeof emptyRows;
    for (let row = 0; row < rows.count; row++) {
      rows.load(row);
      value[row] = rows.empty ? emptyRows[policy] : rows.lse;
    }
    return { value };
  },
  bound(application, result) {
    const { a } = application.profile;
    const rows = rowsOf(application);
    const bound = floats(result.value.length);
    for (let row = 0; row < rows.count; row++) {
      rows.load(row);
      if (rows.open) bound[row] = Infinity;
      if (rows.open || rows.empty || rows.max === -Infinity) continue;
      const total = rows.totalError();
      const rho = total + rows.sumError();
      bound[row] = total < 0.5 && rho < 1 ? lseError(rows.max, rows.lse, rho, a) : rows.lseErrorOfScores();
    }
    return bound;
  },
  gradient({ operands, axes: [axis] }) {
    const attributes = { ...(operands.where && { where: 'where' }), ...(operands.sink && { sink: 'sink' }) };
    return {
      x: ['mul', 'dout', ['softmax', 'x', axis, attributes]],
      ...(operands.sink && { sink: ['mul', 'dout', ['exp', ['sub', 'sink', 'out']]] }),
    };
  },
};
