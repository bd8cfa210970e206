import { readFileSync } from 'node:fs';
import { builtIns } from '../../dist/adapters/registry.js';
import { probeAdapter } from '../../dist/suites/probe/probe.js';
import type { Expectation, Probe } from '../../spec/types/documents.js';

type Axis = Probe['axes'][number];

const expectations = new URL('../../adapters/expectations.json', import.meta.url);
/** Adapters of which it is known that an axis fits no value: what is read depends on the shape. */
const known = new Set(
  (JSON.parse(readFileSync(expectations, 'utf8')) as Expectation[])
    .filter(({ check }) => check === 'softmax/any/dialect/f32')
    .map(({ adapter }) => adapter),
);

export interface DialectTable {
  readonly markdown: string;
  /** Adapters whose behaviour is not what they declare, in words. */
  readonly wrong: readonly string[];
}

/** Every built-in adapter that is available, probed: one row each, in the order of the registry. */
export async function dialectTable(): Promise<DialectTable> {
  const rows: string[] = [];
  const wrong: string[] = [];
  let axes: readonly string[] = [];
  for (const id of Object.keys(builtIns)) {
    const probed = await probeAdapter(id, { timeout: 60, startTimeout: 120 });
    if (probed.state === 'unavailable') {
      console.log(`  ${id}: unavailable, ${probed.reason.split('\n')[0].slice(0, 100)}`);
      continue;
    }
    const { probe } = probed;
    if (probe.axes.every(({ status }) => status !== 'inferred')) {
      // a scheme: it has no call that could be asked of one device
      console.log(`  ${id}: answers no call alone`);
      continue;
    }
    axes = probe.axes.map(({ axis }) => axis);
    rows.push(`| \`${id}\` | ${probe.axes.map(cell).join(' | ')} |`);
    for (const axis of probe.axes) {
      if (axis.status === 'not-asked' || axis.values.includes(axis.declared)) continue;
      const said = `${id}: ${axis.axis} is ${axis.values.join(' or ') || 'not inferred'}, declared ${axis.declared}`;
      if (known.has(id)) console.log(`  expected: ${said}`);
      else wrong.push(said);
    }
    console.log(`  ${id}: ${probe.calls.length} calls`);
  }
  const head = `| | ${axes.join(' | ')} |\n|${'---|'.repeat(axes.length + 1)}`;
  return {
    markdown: `${head}\n${rows.join('\n')}\n\n–: not asked, as the adapter claims nothing that would tell; ?: fits no known value.`,
    wrong,
  };
}

function cell({ status, values }: Axis): string {
  if (status === 'not-asked') return '–';
  return values.length === 0 ? '?' : values.join(' or ');
}
