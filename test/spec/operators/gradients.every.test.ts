import { describe, expect, it } from 'vitest';
import { createLibrary } from '../../../spec/library.js';
import type { Operator } from '../../../spec/types/documents.js';
import { compareGradients } from '../../../suites/documents/gradients.js';
import { someOperators } from '../../some.js';

const library = createLibrary();

describe('gradients of operator documents', () => {
  it.each(someOperators())('%s has the gradients of central differences', (name) => {
    expect(compareGradients(library, library.operators.get(name) as Operator, 3)).toBeUndefined();
  });
});
