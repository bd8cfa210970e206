import { describe, expect, it } from 'vitest';
import { createLibrary } from '../../../spec/library.js';
import { compareGradients } from '../../../suites/documents/gradients.js';

const library = createLibrary();

describe('gradients of operator documents', () => {
  it.each([...library.operators.values()].map((operator) => [operator.name, operator] as const))(
    '%s has the gradients of central differences',
    (_, operator) => {
      expect(compareGradients(library, operator, 3)).toBeUndefined();
    },
  );
});
