import { afterEach, describe, expect, it } from 'vitest';
import { createLibrary } from '../../../spec/library.js';
import type { Primitive } from '../../../spec/program/primitive.js';
import { primitives } from '../../../spec/program/registry.js';
import type { Term } from '../../../spec/types/documents.js';
import { compareGradients } from '../../../suites/documents/gradients.js';
import { twoForms } from '../../adapters/controls/second-form/two-forms.js';

type Changeable = { -readonly [K in keyof Primitive]: Primitive[K] };
const div = primitives.get('div') as Changeable;
const { gradient } = div;
afterEach(() => {
  div.gradient = gradient;
});

const library = createLibrary([{ kind: 'operator', document: 'two-forms.json', value: twoForms }]);
const operator = library.operators.get('two-forms') as typeof twoForms;

describe('gradients held to differences', () => {
  it('agree where they are right', () => {
    expect(compareGradients(library, operator, 10)).toBeUndefined();
  });

  it.each<[string, (term: Term) => Term]>([
    ['of the other sign', (term) => ['scale', -1, term]],
    ['too large by 10⁻⁵', (term) => ['scale', 1.00001, term]],
    ['of zero', (term) => ['scale', 0, term]],
  ])('are told where one is %s', (_, change) => {
    div.gradient = (signature) => Object.fromEntries(Object.entries(gradient(signature)).map(([name, term]) => [name, change(term)]));
    expect(compareGradients(library, operator, 10)).toMatchObject({ input: expect.stringMatching(/^[qk]$/) });
  });
});
