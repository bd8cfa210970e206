import { describe, expect, it } from 'vitest';
import { mayDiffer } from '../../../spec/operator/axes.js';
import { declaredAxes } from '../../../spec/operator/facts.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import { featuresOf } from '../../../suites/plan/support.js';

describe('checks of an operator', () => {
  it.each(operatorDocuments.map((operator) => [operator.name, operator] as const))(
    '%s share heads and part channels, if any input has them',
    (_, operator) => {
      const axes = new Set(Object.values(declaredAxes(operator)).flat());
      expect(featuresOf(operator).includes('grouped')).toBe(axes.has('g'));
      expect(featuresOf(operator).includes('wide-v')).toBe(axes.has('d') && axes.has('e') && mayDiffer(operator, 'd', 'e'));
    },
  );
});
