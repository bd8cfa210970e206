/// <reference lib="dom" />
import { powerCounts } from '../../../../spec/power-counts.js';
import type { PowerMutant } from '../../../../spec/types/documents.js';
import { groupBy } from '../../../result/result.js';
import { element } from '../dom.js';
import type { Page } from '../page.js';
import { showNumber } from '../show-number.js';
import { table } from '../tables/table.js';

/** Page of mutants, and the checks that find them. */
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
          'No mutants were judged for this report. Run npx attention-cts power --json > power.json, then npx attention-cts report with --power power.json.',
        ),
      ];
    const { total, killed } = powerCounts(mutants);
    const equivalent = mutants.length - total;
    return [
      title,
      element(
        'p',
        {},
        `The suite finds ${shown(killed)} of ${shown(total)} kernels and schemes with one deliberate fault. Each fault is modelled on a bug that occurred in practice.`,
        equivalent === 0
          ? ''
          : ` ${shown(equivalent)} more kernels and schemes compute the right result in another way, and must not be found.`,
      ),
      ...survivors(mutants.filter((m) => !m.equivalent && !m.killed)),
      table('Faults by class', ['Class of faults', 'Faults', 'Found', 'Cases to the first failure (median)'], classesOf(mutants)),
      element(
        'details',
        {},
        element('summary', {}, `All ${shown(mutants.length)}, and the check that finds each`),
        table('Mutants and the checks that kill them', ['Mutant', 'Class', 'Found', 'By', 'After cases', 'Seconds'], mutants.map(rowOf)),
      ),
    ];
  },
};

function classesOf(mutants: readonly PowerMutant[]): string[][] {
  return [...groupBy(mutants, (m) => m.class)].map(([name, of]) => {
    const { total, killed, medianCases } = powerCounts(of);
    return [name, shown(total), shown(killed), shown(medianCases)];
  });
}

function shown(count: number): string {
  return count.toLocaleString('en');
}

function survivors(of: readonly PowerMutant[]): Node[] {
  return of.length === 0 ? [] : [element('p', { class: 'deviates' }, `✗ Not found: ${of.map(({ id }) => id).join(', ')}.`)];
}

function rowOf(m: PowerMutant): (Node | string)[] {
  // a mutant that computes correct results must not be found
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
