import type { CheckResult } from '../../spec/types/documents.js';
import { judgeAdapters } from '../judge-adapters.js';

/** Worst errors of simulated right kernels, in bounds, as they were found where the bounds were derived: by property, output and storage type. */
const simulated: Readonly<Record<string, string>> = {
  'long-targeted o narrow': '0.30 to 0.55, 0.95 with P in f32',
  'long-targeted o f32': '0.12',
  'long-targeted lse': '0.01 to 0.05',
  'long-targeted dq narrow': '0.34',
  'long-targeted dk narrow': '0.27',
  'long-targeted dv narrow': '0.76',
  'long-targeted dq f32': '0.04 to 0.07',
  'long-targeted dk f32': '0.04 to 0.07',
  'long-targeted dv f32': '0.04 to 0.07',
  'long-counted o f32': '0.18',
  'long-counted o narrow': '0.87',
};

/** Least error ÷ bound that o of the right kernels together comes to in bf16 and f16: a bound that none comes near is idle. */
const LEAST = 0.2;

const narrow: readonly string[] = ['f16', 'bf16'];

/** Errors of one output of one property in one storage type. */
interface Row {
  cases: number;
  elements: number;
  undecided: number;
  worst: number;
  adapter: string;
}

/** How right kernels are judged over long sequences. */
interface LongAlarms {
  readonly seed: number;
  /** Cases in all; the last check may make some more. */
  readonly cases: number;
  readonly filter?: readonly string[];
  /** Keys of every case, such as 2^20; if absent, drawn. */
  readonly tokens?: number;
}

/** Runs of right kernels over long sequences, what came of them, and how near their errors came to the bounds. */
class LongTally {
  cases = 0;
  readonly alarms: string[] = [];
  private readonly rows = new Map<string, Row>();
  private readonly lengths = new Map<string, number>();

  /** Adds a check as soon as it is finished: the whole takes hours. @returns whether it was judged: what was not run was left when there were cases enough. */
  add(adapter: string, c: CheckResult): boolean {
    const isJudged = c.verdict !== 'unsupported' && c.verdict !== 'not-run';
    if (isJudged) {
      this.cases += c.cases;
      for (const [label, count] of Object.entries(c.coverage ?? {}))
        if (label.startsWith('keys:')) this.lengths.set(label, (this.lengths.get(label) ?? 0) + count);
      if (c.verdict !== 'pass') {
        this.alarms.push(c.id);
        console.log(`  ALARM ${c.adapter}::${c.id} ${c.verdict} ${c.class ?? ''} ${c.reason ?? c.failure?.message ?? ''}`);
        console.log(`    ${JSON.stringify(c.failure?.case)}`);
      }
      const [, , property, last] = c.id.split('/');
      for (const [output, e] of Object.entries(c.error ?? {})) {
        const key = `${property} ${output} ${last.split('@')[0]}`;
        const row = this.rows.get(key) ?? { cases: 0, elements: 0, undecided: 0, worst: 0, adapter };
        row.cases += c.cases;
        row.elements += e.elements;
        row.undecided += e.undecided;
        if (Number(e.maxOverBound) >= row.worst) [row.worst, row.adapter] = [Number(e.maxOverBound), adapter];
        this.rows.set(key, row);
      }
    }
    return isJudged;
  }

  /** Prints the worst errors, by output and storage type. */
  print(): void {
    console.log('  | property | output | type | cases | elements | undecided | worst error ÷ bound | of | simulated |');
    console.log('  |---|---|---|---|---|---|---|---|---|');
    for (const [key, { cases, elements, undecided, worst, adapter }] of [...this.rows].sort(([x], [y]) => (x < y ? -1 : 1))) {
      const [property, output, dtype] = key.split(' ');
      const type = narrow.includes(dtype) ? 'narrow' : dtype;
      const expected = simulated[`${property} ${output} ${type}`] ?? simulated[`${property} ${output}`] ?? '';
      console.log(
        `  | ${property} | ${output} | ${dtype} | ${cases} | ${elements} | ${undecided} | ${worst.toFixed(3)} | ${adapter} | ${expected} |`,
      );
    }
    const lengths = [...this.lengths].map(([label, count]) => `${label.slice('keys:'.length)}: ${count}`);
    console.log(`  ${this.cases} cases, ${this.alarms.length} alarms${lengths.length > 0 ? `; keys ${lengths.join(', ')}` : ''}`);
  }

  /** Faults of the bounds, in words: an error beyond one, or one of o in bf16 and f16 that no right kernel comes near. */
  wrong(): string[] {
    const found: string[] = [];
    for (const [key, { worst }] of this.rows) {
      if (worst > 1) found.push(`${key}: an error of a right kernel is ${worst.toFixed(3)} bounds`);
      if (/^long-(targeted|counted) o (bf16|f16)$/.test(key) && worst < LEAST)
        found.push(`${key}: no right kernel comes nearer to its bound than ${worst.toFixed(3)}: it is idle`);
    }
    return found;
  }
}

/** Judges right kernels over long sequences in turns, each on seed after seed, until so many cases are judged, or the proof is interrupted: what it found is printed. */
export async function longAlarms(adapters: readonly string[], { seed, cases, filter = [], tokens }: LongAlarms): Promise<LongTally> {
  const tally = new LongTally();
  const none = new Set<string>();
  const enough = new AbortController();
  process.once('SIGINT', () => enough.abort(new Error('interrupted')));
  for (let turn = 0; !enough.signal.aborted && none.size < adapters.length; turn++) {
    for (const adapter of adapters) {
      if (enough.signal.aborted || none.has(adapter)) continue;
      const before = tally.cases;
      const started = performance.now();
      // slow kernels get cases that cost little, so that many can be judged; each third time it is as fast as it was measured
      const options = {
        adapters: [adapter],
        profiles: ['long'],
        filter,
        seed: seed + turn,
        runs: 6,
        timeout: 600,
        jobs: 1,
        ...(turn % 3 !== 2 && { speed: 'slow' as const }),
        ...(tokens !== undefined && { tokens }),
        signal: enough.signal,
      };
      const onCheck = (c: CheckResult) => {
        if (tally.add(adapter, c)) console.log(`    ${c.id}: ${c.verdict}, ${c.cases} cases; ${tally.cases} in all`);
        if (tally.cases >= cases) enough.abort(new Error('there are as many cases as were asked for'));
      };
      await judgeAdapters(options, { onCheck }).catch((error) => {
        if (!enough.signal.aborted) throw error;
      });
      if (tally.cases === before) none.add(adapter);
      const seconds = Math.round((performance.now() - started) / 1000);
      console.log(`  ${adapter}, seed ${seed + turn}: ${tally.cases - before} cases, ${seconds} s; ${tally.cases} in all`);
    }
  }
  tally.print();
  return tally;
}
