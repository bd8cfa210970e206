/// <reference lib="dom" />
import { plural } from '../../../text/plain-text.js';
import { element, terms } from '../dom.js';
import { link } from '../links.js';
import type { Page } from '../page.js';
import { noticesOf } from '../sections/notices.js';
import { table } from '../tables/table.js';

export const environment: Page = {
  name: 'environment',
  title: 'Environment',
  listed: true,
  async render(report) {
    const specs = await report.part('specs');
    const { runs, implementations } = report.index;
    return [
      element('h2', {}, 'Runs'),
      table(
        'Runs',
        ['Result', 'attention-cts', 'Started', 'Seed', 'Cases per check', 'Implementations'],
        runs.map((run, i) => [
          run.shard === null ? run.file : `${run.file}, shard ${run.shard}`,
          run.suite,
          run.started.slice(0, 16).replace('T', ' '),
          String(run.seed),
          String(run.runs),
          String(implementations.filter((one) => one.run === i).length),
        ]),
      ),
      ...specs.map((spec, i) =>
        element(
          'details',
          {},
          element('summary', {}, `Specification used for ${runs[i].file}: ${plural(Object.keys(spec).length, 'document')}`),
          element('dl', {}, ...terms(Object.entries(spec))),
        ),
      ),
      element('h2', {}, 'Implementations'),
      element('p', { class: 'quiet' }, 'The page of each implementation shows its environment.'),
      table(
        'Implementations',
        ['Implementation', 'Version', 'Device', 'Run'],
        report.available.map((i) => {
          const { key, version, device, run } = implementations[i];
          return [link('implementation', { adapter: key }, key), version ?? '', device, runs[run].file];
        }),
      ),
      ...noticesOf(report),
    ];
  },
};
