import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { Adapter } from '../../adapters/adapter.js';
import { loadPython } from '../../adapters/backends/python/index.js';
import type { Kernel } from '../../adapters/kernel.js';
import { pythonWith } from '../adapters/backends/python/python.js';
import { title } from '../backend.js';
import { plainCapabilities, plainKernel, plainOperators } from '../kernels/operators/plain.js';
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

describe('plain loops', () => {
  const judged = (operator: string, wrong: string | undefined, runs: number, filter: readonly string[]) =>
    judge({ id: 'plain', capabilities: plainCapabilities }, plainKernel(wrong), operator, runs, filter);

  it.each(plainOperators)(
    '%s passes every check',
    async (operator) => {
      const { passed, others } = await judged(operator, undefined, 3, mostChecks(operator));
      expect(others).toEqual([]);
      expect(passed).toBeGreaterThan(4);
    },
    120_000,
  );

  it.each(plainOperators)(
    '%s with its fault is found',
    async (operator) => {
      expect((await judged(operator, operator, 10, few(operator))).others).not.toEqual([]);
    },
    120_000,
  );
});

describe.skipIf(python.missing)(title('NumPy', python), () => {
  afterEach(() => {
    delete process.env.ATTN_PLAIN_FAULT;
  });

  async function judged(operator: string, runs: number, filter: readonly string[]): Promise<Judged> {
    const adapter = await loadPython(`${file}:${operator}`, { python: python.python });
    const kernel = await adapter.open();
    try {
      return await judge(adapter, kernel, operator, runs, filter);
    } finally {
      await kernel[Symbol.asyncDispose]();
    }
  }

  const operators = ['retention', 'moh', 'sigmoid', 'mla'];

  it.each(operators)(
    '%s passes every check',
    async (operator) => {
      const { passed, others } = await judged(operator, 3, mostChecks(operator));
      expect(others).toEqual([]);
      expect(passed).toBeGreaterThan(4);
    },
    120_000,
  );

  it.each(operators)(
    '%s with its fault is found',
    async (operator) => {
      process.env.ATTN_PLAIN_FAULT = operator;
      expect((await judged(operator, 10, few(operator))).others).not.toEqual([]);
    },
    120_000,
  );
});
