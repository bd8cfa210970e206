import { compileMask } from '../../spec/mask/compile/compile.js';
import { flopsPerCell } from '../../spec/mask/flops.js';
import { maskDialect } from '../../spec/mask/mask-dialect.js';
import { inputsOf, usesMask } from '../../spec/operator/facts.js';
import { isStreamed } from '../../spec/oracle/softmax-form.js';
import { buildProgram } from '../../spec/program/build.js';
import { elements, maskAxes, union } from '../../spec/program/tensor.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Case, Operator } from '../../spec/types/documents.js';

/** Backward products per forward product: two per contraction, and the scores once more. */
const BACKWARD = 2.5;

/** Operations by visible cells: products of softmax attention, else contractions and sums. */
export function flopsOf(library: SpecLibrary, c: Case, pass: 'forward' | 'backward'): number {
  const operator = library.operators.get(c.operator) as Operator;
  const { b, hk, g, m, n, d, e } = c.dims;
  const cells = compileMask(library, c.mask, { b, heads: hk * g, m, n, ...maskDialect(c) }).area();
  if (isStreamed(operator)) return cells * flopsPerCell(d, e)[pass];
  const share = usesMask(operator) ? cells / (b * hk * g * m * n) : 1;
  return contractions(operator, c, share) * (pass === 'backward' ? BACKWARD : 1);
}

function contractions(operator: Operator, { dims, options }: Case, share: number): number {
  const given = Object.entries(inputsOf(operator)).filter(([name, { optional }]) => !optional || options[name] === true);
  const numbers = Object.entries(options).filter((option): option is [string, number] => typeof option[1] === 'number');
  const mask = usesMask(operator) ? { mask: maskAxes } : {};
  const { graph } = buildProgram(operator, {
    sizes: dims,
    tensors: Object.fromEntries(given.map(([name, { axes }]) => [name, axes])),
    options: Object.fromEntries(numbers),
    ...mask,
  });
  let flops = 0;
  for (const node of graph.nodes) {
    if (node.kind !== 'apply') continue;
    const { x, y } = node.operands;
    const name = node.primitive.name;
    if (name !== 'dot' && name !== 'cumsum') continue;
    const axes = name === 'dot' ? union(x.type.axes, y.type.axes) : node.type.axes;
    const overCells = axes.includes('m') && axes.includes('n');
    flops += 2 * elements(axes, dims) * (overCells ? share : 1);
  }
  return flops;
}
