import fc from 'fast-check';
import { expect, it } from 'vitest';
import { validateCase } from '../../../generators/validate.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { Claims } from '../../../spec/claims/claims.js';
import { wholeDocuments } from '../../../spec/claims/whole-documents.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import { otherShape } from '../../../suites/judging/other-shape.js';
import { capable, library, request } from '../../generators/capable.js';

const capabilities = capable({ ...wholeDocuments(operatorDocuments), layouts: ['bhld'], limits: { m: { max: 20 }, n: { max: 20 } } });
const claims = Claims.of(library, capabilities);

it.each([...library.operators.values()].map((operator) => [operator.name, operator] as const))(
  'a case of %s in another shape is a case: axes that are tied or computed follow',
  (name, operator) => {
    const asked = request({ operator: name });
    fc.assert(
      fc.property(caseArbitrary(claims, asked), (c) => {
        const other = otherShape(c, operator, capabilities);
        if (!other) return;
        validateCase(library, other, 'case');
        expect(other.dims).not.toEqual(c.dims);
      }),
      { numRuns: 10 },
    );
  },
);
