import { declaredAxes, flatAxesOf, inputsOf } from '../../../../spec/operator/facts.js';
import { placeAlong, sizeOf } from '../../../../spec/tensor/tensor.js';
import type { Float64Tensor } from '../../../../spec/tensor/tensor-rows.js';
import type { Term } from '../../../../spec/types/documents.js';
import { slotOf } from '../../second-form/paged.js';
import type { Mutator } from './mutator.js';
import { applicationsOf, show } from './places.js';

/** Keeps the old first row of each new page, in the last of a document's several caches. */
export const stalePage: Mutator = {
  id: 'stale-page',
  imitates: 'a second cache, such as the rotated part of keys beside latent vectors, with pages that are not written',
  *faults(operator) {
    const names = Object.entries(inputsOf(operator)).flatMap(([name, { cached }]) => (cached ? [name] : []));
    const last = names.at(-1);
    if (names.length < 2 || last === undefined) return;
    yield {
      title: `the first row of a page of ${last} is not written where other pages come before it`,
      paging: {
        written: (cache, b, position, name) =>
          name === last && position > 0 && position % cache.page === 0 ? -1 : slotOf(cache, b, position, name),
      },
    };
  },
};

const indexed = ['predicate', 'index', 'position', 'cumsum', 'window', 'overlap', 'gather'];

const strictness: Readonly<Record<string, string>> = { '<=': '<', '<': '<=' };

/** Shifts an index by one: < for <=, the next position, an exclusive running sum, or a window. */
export const indexShifted: Mutator = {
  id: 'index-shifted',
  imitates: 'https://github.com/vllm-project/vllm/pull/945',
  *faults({ program }) {
    for (const { term, statement, with: replaced } of applicationsOf(program, ...indexed)) {
      const [name, first, ...rest] = term;
      if (name === 'predicate') {
        for (const condition of otherConditions(first))
          yield {
            title: `${statement}: ${show(condition)} in place of ${show(first)}`,
            program: replaced(['predicate', condition, ...rest]),
          };
      } else if (name === 'cumsum') {
        yield { title: `${statement}: the sum ${show(term)} lacks the element itself`, program: replaced(['sub', term as never, first]) };
      } else if (name === 'window' || name === 'overlap') {
        const [axis, taps, offset] = rest;
        const late = ['+', offset, 1] as Term;
        yield { title: `${statement}: ${show(term)} is shifted by one index`, program: replaced([name, first, axis, taps, late] as Term) };
      } else if (name === 'gather') {
        const [axis, index] = rest;
        const next = ['add', index, 1] as Term;
        yield { title: `${statement}: ${show(term)} takes the next element`, program: replaced([name, first, axis, next] as Term) };
      } else yield { title: `${statement}: ${show(term)} is one too large`, program: replaced(['add', term as never, 1]) };
    }
  },
};

/** Yields the condition with one comparison made strict, or made non-strict. */
function* otherConditions(condition: Term): Generator<Term> {
  if (!Array.isArray(condition)) return;
  const other = strictness[String(condition[0])];
  if (other) yield [other, ...condition.slice(1)] as Term;
  for (let i = 1; i < condition.length; i++)
    for (const inner of otherConditions(condition[i] as Term)) yield condition.map((part, k) => (k === i ? inner : part)) as Term;
}

/** Uses a query's indices for the next query too. */
export const indexOfAnotherQuery: Mutator = {
  id: 'index-of-another-query',
  imitates: 'lists of keys that are loaded once for a tile of queries, though each query has its own list',
  *faults(operator) {
    for (const [name, declared] of Object.entries(declaredAxes(operator))) {
      const axis = flatAxesOf(declared).indexOf('m');
      if (axis < 0 || inputsOf(operator)[name].kind !== 'index') continue;
      yield {
        title: `every second query uses ${name} of the query before it`,
        read: (problem) => {
          const t = problem.inputs[name];
          return t ? { ...problem, inputs: { ...problem.inputs, [name]: inPairs(t, axis) } } : problem;
        },
      };
    }
  },
};

function inPairs({ shape, data }: Float64Tensor, axis: number): Float64Tensor {
  const step = sizeOf(shape.slice(axis + 1));
  const place = placeAlong(shape, axis);
  return { shape, data: data.map((x, at) => (place(at) % 2 === 1 ? data[at - step] : x)) };
}
