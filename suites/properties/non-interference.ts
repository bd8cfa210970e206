import type { FullCapabilities } from '../../adapters/capabilities.js';
import type { Problem } from '../../spec/oracle/problem.js';
import type { Case, Values } from '../../spec/types/documents.js';
import { sameBits } from './bits.js';
import { mayHideKeys } from './mask-claims.js';
import type { JudgeContext, Property } from './property.js';

const poisons = ['nan', 'inf', '-inf', 'huge'] as const;

/** Whatever fills the slots of k and v that no query of the group sees, no bit of the outputs changes. */
export const nonInterference: Property = {
  name: 'non-interference',
  title: 'what lies in key and value slots that no query sees changes no bit',
  perMask: false,
  perFeature: false,
  needs: { hiddenKeys: true },
  unsupported: (capabilities) => (mayHideKeys(capabilities) ? undefined : 'no claimed mask hides a key from every query'),
  calls: (c, capabilities) => {
    const { poison = poisonOf(c, capabilities), ...drawn } = c.values;
    // the distribution of that name comes with its poison
    const values: Values = drawn.distribution === 'poison' ? { ...drawn, distribution: 'normal' } : drawn;
    return [
      { command: 'forward', case: { ...c, values } },
      { command: 'forward', case: { ...c, values: { ...values, poison } } },
    ];
  },
  judge: (context) => {
    const [clean, poisoned] = context.calls.map((call) => call.case);
    if (!hasHiddenKey(context, clean, poisoned)) return { status: 'undecided', reason: 'no hidden key' };
    const failure = sameBits(context.results[0], context.results[1], {
      class: 'non-interference',
      call: 1,
      skip: meanRows(context, clean),
      describe: (place, before, after) =>
        `${place} changes from ${before} to ${after} when the keys and values that no query sees hold ${describe(poisoned.values)}`,
    });
    return failure ?? { status: 'pass' };
  },
};

/** A kernel whose masked slots leak NaN by its own declaration is given finite poison. */
function poisonOf(c: Case, capabilities: FullCapabilities): NonNullable<Values['poison']> {
  return capabilities.dialect.maskedNaN === 'leaks' ? 'finite' : poisons[c.values.seed % poisons.length];
}

function describe({ poison }: Values): string {
  return { nan: 'NaN', inf: 'Infinity', '-inf': '−Infinity', huge: 'huge numbers', finite: 'the number 1e4' }[
    poison as NonNullable<Values['poison']>
  ];
}

/** A softcap after the mask gives hidden keys a finite score: they are seen. */
function hasHiddenKey(context: JudgeContext, clean: Case, poisoned: Case): boolean {
  const problem = context.problem(clean);
  if (problem.dialect.softcap === 'after-mask' && clean.options.softcap !== undefined) return false;
  const other = context.problem(poisoned);
  return ['k', 'v'].some((name) => differ(problem, other, name));
}

function differ(a: Problem, b: Problem, name: string): boolean {
  const x = a.inputs[name].data;
  const y = b.inputs[name].data;
  return x.some((value, i) => !Object.is(value, y[i]));
}

/** Rows whose declared output is the mean over all keys, hidden ones among them. */
function meanRows(context: JudgeContext, clean: Case): Uint8Array | undefined {
  return context.problem(clean).dialect.emptyOutput === 'mean' ? context.expectation(clean, false).empty : undefined;
}
