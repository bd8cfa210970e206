import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { Adapter } from '../../adapters/adapter.js';
import { loadPython } from '../../adapters/backends/python/index.js';
import type { Kernel } from '../../adapters/kernel.js';
import { pythonWith } from '../adapters/backends/python/python.js';
import { title } from '../backend.js';
import { plainCapabilities, plainKernel, plainOperators } from '../kernels/operators/plain.js';
import { firstOf, runsOf } from '../some.js';
import { everyProperty, judgeOperators } from './judge-operators.js';

// Kernels that were written from the formulas of the documents, by nobody who looked at their programs.

const python = await pythonWith('numpy');
const file = fileURLToPath(new URL('../kernels/operators/plain.py', import.meta.url));

/** Masks by name, composed ones, every option and optional input. */
const mostChecks = (operator: string) => [`${operator}/{full,causal,sliding-window,document}/**`, `${operator}+*/**`, `${operator}/any/**`];
const few = (operator: string) => [`${operator}/{full,causal}/{oracle,gradient}/f32`, `${operator}+all/any/{oracle,gradient}/f32`];

interface Judged {
  readonly passed: number;
  /** Checks that were asked and did not pass. */
  readonly others: readonly string[];
}

async function judge(
  adapter: Pick<Adapter, 'id' | 'capabilities'>,
  kernel: Kernel,
  operator: string,
  runs: number,
  filter: readonly string[],
): Promise<Judged> {
  const told = await judgeOperators(adapter, kernel, [everyProperty([operator])], { runs, filter });
  const others = told.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'unsupported');
  return {
    passed: told.filter(({ verdict }) => verdict === 'pass').length,
    others: others.map(({ id, verdict, why }) => `${id}: ${verdict} ${why}`),
  };
}

/** Judges an operator with its fault or without it. */
type JudgeOperator = (operator: string, wrong: boolean, runs: number, filter: readonly string[]) => Promise<Judged>;

function passesAndIsFound(operators: readonly string[], judged: JudgeOperator): void {
  it.each(operators)(
    '%s passes every check',
    async (operator) => {
      const { passed, others } = await judged(operator, false, 1, mostChecks(operator));
      expect(others).toEqual([]);
      expect(passed).toBeGreaterThan(4);
    },
    120_000,
  );

  it.each(operators)(
    '%s with its fault is found',
    async (operator) => {
      expect((await judged(operator, true, runsOf(4, 10), few(operator))).others).not.toEqual([]);
    },
    120_000,
  );
}

describe('plain loops', () => {
  passesAndIsFound(firstOf(plainOperators, 1), (operator, wrong, runs, filter) =>
    judge({ id: 'plain', capabilities: plainCapabilities }, plainKernel(wrong ? operator : undefined), operator, runs, filter),
  );
});

describe.skipIf(python.missing)(title('NumPy', python), () => {
  afterEach(() => {
    delete process.env.ATTN_PLAIN_FAULT;
  });

  passesAndIsFound(firstOf(['retention', 'moh', 'sigmoid', 'mla'], 1), async (operator, wrong, runs, filter) => {
    if (wrong) process.env.ATTN_PLAIN_FAULT = operator;
    const adapter = await loadPython(`${file}:${operator}`, { python: python.python });
    const kernel = await adapter.open();
    try {
      return await judge(adapter, kernel, operator, runs, filter);
    } finally {
      await kernel[Symbol.asyncDispose]();
    }
  });
});
