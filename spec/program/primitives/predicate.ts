import { type Operation, operations } from '../../expression/operations.js';
import { compileTerm, type Term } from '../../expression/term.js';
import type { Expression } from '../../types/documents.js';
import { type Application, type Primitive, TermError } from '../primitive.js';
import { floats } from '../scratch.js';
import { elements, offsets, strideOf, without } from '../tensor.js';

/**
 * Condition over indices, as JSON text: an axis name is the index along it, `offset` shifts query
 * positions (see `position`), `$option` and `#axis` are numbers. Exact.
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
    const along = axes.reduce((longest, axis) => (sizes[axis] > sizes[longest] ? axis : longest));
    const others = without(axes, [along]);
    const index = floats(others.length);
    const term = compiled(application, along, others, index);
    const line = new Line(sizes[along]);
    const step = strideOf(axes, along, sizes);
    const value = floats(elements(axes, sizes));
    for (const start of offsets(axes, others, sizes)) {
      const found = line.of(term);
      for (let i = 0; i < sizes[along]; i++) value[start + i * step] = typeof found === 'number' ? found : found[i];
      for (let x = others.length - 1; x >= 0 && ++index[x] === sizes[others[x]]; x--) index[x] = 0;
    }
    return { value };
  },
  bound: () => undefined,
  gradient: () => ({}),
};

const ALONG = 1;

function compiled({ attributes, offset }: Application, along: string, others: readonly string[], index: Float64Array): Term {
  const variables = new Map([[along, { bit: ALONG, read: () => NaN }]]);
  for (const [x, axis] of others.entries()) variables.set(axis, { bit: ALONG << (x + 1), read: () => index[x] });
  const constants = new Map([['offset', offset]]);
  return compileTerm(JSON.parse(attributes.expression as string) as Expression, { constants, variables, tables: new Map() });
}

/** Values of a term along a line; one number if they are equal. */
type Values = number | Float64Array;

/** Evaluates terms along a line of an axis, and caches parts of that axis alone. */
class Line {
  private readonly known = new Map<Term, Values>();

  constructor(private readonly length: number) {}

  of(term: Term): Values {
    if ((term.reads & ALONG) === 0) return term.evaluate();
    const known = this.known.get(term);
    if (known) return known;
    const values = this.along(term);
    if (term.reads === ALONG) this.known.set(term, values);
    return values;
  }

  private along({ operation, operands }: Term): Values {
    if (operands.length === 0) return Float64Array.from({ length: this.length }, (_, place) => place);
    const { apply } = operations.get(operation) as Operation;
    const [first, ...rest] = operands.map((operand) => this.of(operand));
    if (rest.length === 0) return this.pairs(apply, first, 0);
    return rest.reduce((left, right) => this.pairs(apply, left, right), first);
  }

  private pairs(apply: Operation['apply'], x: Values, y: Values): Values {
    if (typeof x === 'number' && typeof y === 'number') return apply(x, y);
    const values = floats(this.length);
    if (typeof x === 'number') for (let i = 0; i < values.length; i++) values[i] = apply(x, (y as Float64Array)[i]);
    else if (typeof y === 'number') for (let i = 0; i < values.length; i++) values[i] = apply(x[i], y);
    else for (let i = 0; i < values.length; i++) values[i] = apply(x[i], y[i]);
    return values;
  }
}
