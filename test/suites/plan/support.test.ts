import { describe, expect, it } from 'vitest';
import { mayDiffer, usedAxes } from '../../../spec/operator/axes.js';
import { declaredAxes } from '../../../spec/operator/facts.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import { featuresOf } from '../../../suites/plan/support.js';

describe('checks of an operator', () => {
  it.each(operatorDocuments.map((operator) => [operator.name, operator] as const))(
    '%s share heads, part channels and have their own number of queries, if its inputs or the sizes of their codes do',
    (_, operator) => {
      const inputs = new Set(Object.values(declaredAxes(operator)).flat());
      const used = usedAxes(operator);
      expect(featuresOf(operator).includes('grouped')).toBe(inputs.has('g'));
      expect(featuresOf(operator).includes('wide-v')).toBe(used.has('d') && used.has('e') && mayDiffer(operator, 'd', 'e'));
      expect(featuresOf(operator).includes('cross')).toBe(inputs.has('m') && inputs.has('n') && mayDiffer(operator, 'm', 'n'));
    },
  );
});
