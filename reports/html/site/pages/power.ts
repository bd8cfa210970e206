/// <reference lib="dom" />
import type { PowerMutant } from '../../../../spec/types/documents.js';
import { element } from '../dom.js';
import type { Page } from '../page.js';
import { showNumber } from '../show-number.js';
import { table } from '../tables/table.js';

/** Page on the power of the suite: kernels with one known fault, and the check that finds each. */
export const power: Page = {
  name: 'power',
  title: 'Power',
  listed: true,
  async render(report) {
    const title = element('h2', {}, 'Power');
    const mutants = (await report.part('power'))?.mutants ?? [];
    if (mutants.length === 0)
      return [
        title,
        element(
          'p',
          { class: 'empty' },
          'No mutants were judged for this report. Run npx attn-cts power --json > power.json, then npx attn-cts report with --power power.json.',
        ),
      ];
    const faulty = mutants.filter((m) => !m.equivalent);
    const killed = faulty.filter((m) => m.killed).length;
    return [
      title,
      element(
        'p',
        {},
        `The suite finds ${killed} of ${faulty.length} kernels with one deliberate fault. Each fault is modelled on a bug that somebody met.`,
      ),
      ...survivors(faulty.filter((m) => !m.killed)),
      element(
        'details',
        {},
        element('summary', {}, `All ${mutants.length} kernels, and the check that finds each`),
        table('Mutants and who kills them', ['Mutant', 'Class', 'Found', 'By', 'After cases', 'Seconds'], mutants.map(rowOf)),
      ),
    ];
  },
};

function survivors(of: readonly PowerMutant[]): Node[] {
  return of.length === 0 ? [] : [element('p', { class: 'deviates' }, `✗ Not found: ${of.map(({ id }) => id).join(', ')}.`)];
}

function rowOf(m: PowerMutant): (Node | string)[] {
  // one that computes what it should must not be found
  const right = m.killed !== m.equivalent;
  const says = `${m.killed ? 'found' : m.equivalent ? 'equivalent' : 'survives'}`;
  return [
    m.id,
    m.class,
    element('td', { 'data-verdict': right ? 'pass' : 'fail' }, `${right ? '✓' : '✗'} ${says}`),
    m.check ?? '',
    String(m.cases),
    showNumber(m.seconds),
  ];
}
