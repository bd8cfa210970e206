import { type Term as CompiledTerm, compileTerm } from '../../expression/term.js';
import type { Expression } from '../../types/documents.js';
import { type Application, type Primitive, TermError } from '../primitive.js';
import { elements } from '../tensor.js';

/**
 * Boolean tensor that holds a condition over indices. In the expression, the name of an axis stands for the index along it, `offset`
 * for the offset of query positions (see `position`), `$option` and `#axis` for their numbers. Exact, since it does not depend on
 * tensor values. The expression is given as JSON text.
 */
export const predicate: Primitive = {
  name: 'predicate',
  parameters: [
    { name: 'expression', kind: 'expression' },
    { name: 'axes', kind: 'axes' },
  ],
  shape({ axes }) {
    const twice = axes.find((axis, x) => axes.indexOf(axis) !== x);
    if (twice !== undefined) throw new TermError(`axis "${twice}" is named twice`);
    return { kind: 'boolean', axes };
  },
  value(application) {
    const { axes, sizes } = application;
    const index = new Float64Array(axes.length);
    const term = compiled(application, index);
    const value = new Float64Array(elements(axes, sizes));
    const ends = axes.map((axis) => sizes[axis]);
    for (let at = 0; at < value.length; at++) {
      value[at] = term.evaluate();
      // the index of the next element, row-major
      for (let x = ends.length - 1; x >= 0 && ++index[x] === ends[x]; x--) index[x] = 0;
    }
    return { value };
  },
  bound: () => undefined,
  gradient: () => ({}),
};

function compiled({ attributes, axes, offset }: Application, index: Float64Array): CompiledTerm {
  const variables = axes.map((axis, x) => [axis, { bit: 1 << x, read: () => index[x] }] as const);
  return compileTerm(JSON.parse(attributes.expression as string) as Expression, {
    constants: new Map([['offset', offset]]),
    variables: new Map(variables),
    tables: new Map(),
  });
}
