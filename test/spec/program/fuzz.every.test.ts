import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDocument, DocumentError } from '../../../spec/lib/documents.js';
import { inputsOf, usesMaskAsOperand } from '../../../spec/operator/facts.js';
import { ignoresHiddenKeys, mergesByLse, positionalOptions } from '../../../spec/operator/locality.js';
import { weightsWithoutQueries } from '../../../spec/operator/read-out.js';
import { checkOperator } from '../../../spec/program/check.js';
import { checkOutputs } from '../../../spec/program/check-outputs.js';
import { decidesEmptyRows } from '../../../spec/program/empty-rows.js';
import { primitives } from '../../../spec/program/registry.js';
import { evaluateGradients, evaluateProgram } from '../../../spec/program/run.js';
import { elements } from '../../../spec/program/tensor.js';
import type { Operator } from '../../../spec/types/documents.js';
import { asksAll, firstOf } from '../../some.js';
import { inputsFor, operatorNamed, randomCotangents } from './fixtures.js';

const names = fc.constantFrom(
  'q',
  'k',
  'v',
  'x',
  'c',
  's',
  'p',
  'mask',
  'bias',
  'alibi',
  'sink',
  '$scale',
  '$softcap',
  '#d',
  'b',
  'g',
  'm',
  'n',
  'd',
  'e',
  '',
  '__proto__',
);
const heads = fc.constantFrom(...primitives.keys(), 'when', '/', 'constructor');
const attributes = fc.dictionary(
  fc.constantFrom('where', 'sink', 'emptyRow', 'reverse', 'toString'),
  fc.oneof(names, fc.constantFrom('zero', 'mean', '$emptyOutput', true, false, 1)),
  { maxKeys: 2 },
);

const { term } = fc.letrec((tie) => ({
  term: fc.oneof({ maxDepth: 4 }, names, fc.integer({ min: -2, max: 2 }), tie('application')),
  application: fc
    .tuple(
      fc.oneof({ weight: 9, arbitrary: heads }, { weight: 1, arbitrary: names }),
      fc.array(tie('term'), { maxLength: 4 }),
      fc.option(attributes, { nil: undefined }),
    )
    .map(([head, operands, last]) => (last ? [head, ...operands, last] : [head, ...operands])),
}));

/** Copy of a value in which one part is replaced; `place` chooses the part. */
function replaceAt(value: unknown, place: number, replacement: unknown): unknown {
  if (place === 0 || typeof value !== 'object' || value === null) return replacement;
  const keys = Object.keys(value);
  if (keys.length === 0) return replacement;
  const key = keys[place % keys.length];
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  copy[key] = replaceAt(copy[key], Math.floor(place / keys.length), replacement);
  return copy;
}

const sizes = { b: 1, hk: 1, g: 2, m: 2, n: 3, d: 2, e: 2 };

/** Runs an operator that passes the checks; any other must cause a DocumentError. @returns whether it passed. */
function tryOperator(value: unknown): boolean {
  let operator: Operator;
  try {
    operator = checkDocument('operator', value, 'fuzz');
    checkOperator(operator, 'fuzz');
  } catch (error) {
    expect(error).toBeInstanceOf(DocumentError);
    expect((error as DocumentError).path).toMatch(/^\$/);
    return false;
  }
  const axes = Object.values(inputsOf(operator)).flatMap((input) => input.axes);
  const masked = usesMaskAsOperand(operator) ? { mask: () => true } : {};
  // axes with a rule are as long as n
  const ruled = Object.fromEntries(Object.keys(operator.axes ?? {}).map((axis) => [axis, sizes.n]));
  const inputs = inputsFor(operator, { sizes: { ...Object.fromEntries(axes.map((axis) => [axis, 2])), ...ruled, ...sizes }, ...masked });
  const outputs = evaluateProgram(operator, inputs);
  evaluateGradients(operator, inputs, randomCotangents(operator, inputs, outputs, 1));
  for (const { value: data, axes } of Object.values(outputs)) expect(data.length).toBe(elements(axes, inputs.sizes));
  tryFacts(operator);
  return true;
}

/** Derives the facts about a program from an operator that passed, which must not throw. */
function tryFacts(operator: Operator): void {
  weightsWithoutQueries(operator);
  ignoresHiddenKeys(operator);
  mergesByLse(operator);
  positionalOptions(operator);
  try {
    checkOutputs(operator, 'fuzz');
  } catch (error) {
    expect(error).toBeInstanceOf(DocumentError);
    return;
  }
  decidesEmptyRows(operator);
}

describe('malformed operators give a DocumentError and nothing else', () => {
  it.skipIf(asksAll)('with random terms', () => {
    const base = operatorNamed('softmax');
    fc.assert(
      fc.property(fc.array(term, { minLength: 1, maxLength: 3 }), (terms) => {
        const program = terms.map((t, i) => [`t${i}`, t]);
        tryOperator({ ...base, program, outputs: program.map(([name]) => name) });
      }),
      { numRuns: 1000 },
    );
  });

  it.each(firstOf(['softmax', 'gla', 'linear', 'linear-causal', 'linear-decay', 'efficient', 'linear-softmax', 'mamba-2', 'delta'], 3))(
    'with one place of %s changed',
    (name) => {
      fc.assert(
        fc.property(fc.nat(100_000), fc.oneof(term, fc.jsonValue({ maxDepth: 2 })), (place, replacement) => {
          tryOperator(replaceAt(operatorNamed(name), place, replacement));
        }),
        { numRuns: 400 },
      );
    },
  );
});
