import { expect, test } from 'vitest';
import { caseArbitrary } from '../../../generators/case.js';
import { drawCase } from '../../../generators/seeds.js';
import { validateCase } from '../../../generators/validate.js';
import { Claims } from '../../../spec/claims/claims.js';
import { ownAxes } from '../../../spec/operator/facts.js';
import { keepsCache, packsDocuments } from '../../../spec/operator/locality.js';
import { capable, library, request } from '../capable.js';

const withOwnAxes = [...library.operators.values()].filter((operator) => ownAxes(operator).length > 0);
const names = (fits: (operator: (typeof withOwnAxes)[number]) => boolean) => withOwnAxes.filter(fits).map(({ name }) => name);

const claims = Claims.of(library, capable({ pages: { sizes: [4], append: true } }));

test.each([
  ...names(packsDocuments).map((name) => [name, 'packed documents', request({ operator: name, feature: 'packed' })] as const),
  ...names(keepsCache).map((name) => [name, 'a cache', request({ operator: name, needs: { history: 'pages' } })] as const),
  ...names(() => true).map((name) => [name, 'any case', request({ operator: name })] as const),
])('%s in %s has sizes for its own axes, and validates', (_name, _where, asked) => {
  const arbitrary = caseArbitrary(claims, asked);
  for (let seed = 0; seed < 20; seed++) validateCase(library, drawCase(arbitrary, seed).value, 'drawn');
  expect(drawCase(arbitrary, 0).value.operator).toBe(asked.operator);
});
