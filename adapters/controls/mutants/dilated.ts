import { mutantsOf } from './lib/mutant.js';

export const dilatedMutants = mutantsOf('Star, LongNet, APB', [
  {
    id: 'dilated-first-branch-alone',
    title: 'the branches after the first are left out',
    imitates: 'a list of segments and rates of which only the first has an effect, as when the other segments are longer than the sequence',
    operators: ['dilated'],
    fault: { call: (call) => ({ ...call, case: { ...call.case, options: { ...call.case.options, levels: 1 } } }) },
  },
]);
