import { describe, expect, it, test } from 'vitest';
import { documentMutants, mutantsOfDocument } from '../../../../adapters/controls/mutants/documents/index.js';
import type { Mutant } from '../../../../adapters/controls/mutants/lib/mutant.js';
import { mutantNamed } from '../../../../adapters/controls/mutants/named.js';
import { createLibrary } from '../../../../spec/library.js';
import { operatorDocuments } from '../../../../spec/operators/index.js';
import type { Operator } from '../../../../spec/types/documents.js';
import { MutantJudge } from '../../../../suites/power/judge-mutant.js';
import { twoForms } from '../second-form/two-forms.js';

const library = createLibrary();
const faults = (operator: Operator) => mutantsOfDocument(operator).map(({ id }) => id.slice(operator.name.length + 1));
const named = (id: string) => documentMutants().find((m) => m.id === id) as Mutant;

describe('mutants of operator documents', () => {
  it('are some of every operator with a second form, and of no other', () => {
    for (const { name, second } of operatorDocuments) {
      const own = documentMutants().filter(({ operators }) => operators?.[0] === name);
      if (second) expect(own.length, name).toBeGreaterThanOrEqual(3);
      else expect(own).toEqual([]);
      expect(own.length).toBeLessThanOrEqual(6);
    }
  });

  it('are of the class of the operator’s family', () => {
    for (const mutant of documentMutants()) {
      const { family } = library.operators.get(mutant.operators?.[0] as string) as Operator;
      expect(mutant.class).toBe(`Operators: ${family}`);
    }
  });

  it('have the faults that a program has a place for', () => {
    expect(faults(twoForms)).toEqual([
      'gate-late',
      'condition-left-out',
      'scale-left-out',
      'sign-flipped',
      'operand-dropped',
      'axes-swapped',
    ]);
  });

  it('of other programs have others', () => {
    const { inputs, outputs, optional, options, ...rest } = twoForms;
    const form = (program: Operator['program']): Operator => ({
      ...rest,
      inputs,
      outputs: { o: outputs.o },
      options: { eps: { default: 1e-6, range: [1e-6, 1e-2] } },
      second: { title: 'a test', program },
    });
    const seen = ['predicate', ['<=', 'n', ['+', 'm', 'offset']], 'm', 'n'];
    expect(faults(form([['o', ['dot', ['where', seen, ['add', ['dot', 'q', 'k', 'd'], '$eps'], 0], 'v', 'n']]] as never))).toEqual(
      expect.arrayContaining(['index-shifted', 'eps-left-out', 'condition-left-out']),
    );
  });

  it('are adapters by their names', () => {
    const { capabilities } = mutantNamed('linear-eps-left-out');
    expect(capabilities).toMatchObject({ operators: ['linear'], dtypes: ['f32'] });
  });
});

describe('judging a mutant of a document', () => {
  test.each(
    documentMutants()
      .filter(({ operators }) => operators?.[0] === 'linear')
      .map((m) => [m.id, m] as const),
  )('%s is killed', async (_, mutant) => {
    const result = await new MutantJudge(library, { seed: 0, runs: 50 }).run(mutant);
    expect(result).toMatchObject({ killed: true, class: 'Operators: linear' });
    expect(result.kill?.check).toMatch(/^linear.*\/(oracle|gradient)\/f32$/);
  });

  it('that computes the same is shown equivalent', async () => {
    const mutant = named('linear-operand-dropped');
    const { right } = mutant.fault.form as NonNullable<Mutant['fault']['form']>;
    const same = right.program.map(([name, term]) => [name, name === 'o' ? ['scale', 1, term] : term]) as unknown as Operator['program'];
    const result = await new MutantJudge(library, { seed: 0, runs: 2 }).run({
      ...mutant,
      fault: { form: { right, operator: { ...right, program: same } } },
    });
    expect(result).toMatchObject({ killed: false });
    expect(result.equivalent).toMatch(/on 200 drawn cases/);
  });

  it('is not killed by what is wrong without the fault too', async () => {
    const { form } = named('linear-operand-dropped').fault;
    const wrong = form?.operator as Operator;
    const result = await new MutantJudge(library, { seed: 0, runs: 2 }).run({
      ...named('linear-operand-dropped'),
      fault: { form: { right: wrong, operator: wrong } },
    });
    expect(result).toMatchObject({ killed: false });
    expect(result.equivalent).toBeUndefined();
  });
});
