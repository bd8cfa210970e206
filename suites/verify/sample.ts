import type { CheckResult, Result } from '../../spec/types/documents.js';

/** Verdicts that can be reproduced. */
const judged: ReadonlySet<string> = new Set(['pass', 'fail', 'crash', 'timeout']);

/** Samples judged checks: adapters in turns, failures first, then in an order drawn by the seed. */
export function sampleOf({ checks, seed, adapters }: Result, size: number): CheckResult[] {
  const queues = adapters.map(({ id }) =>
    checks
      .filter((check) => check.adapter === id && judged.has(check.verdict))
      .map((check) => ({ check, rank: rankOf(`${seed} ${check.adapter} ${check.id}`) }))
      .sort((a, b) => Number(a.check.verdict === 'pass') - Number(b.check.verdict === 'pass') || a.rank - b.rank)
      .map(({ check }) => check),
  );
  const longest = Math.max(0, ...queues.map(({ length }) => length));
  const turns = Array.from({ length: longest }, (_, turn) => queues.flatMap((queue) => queue[turn] ?? []));
  return turns.flat().slice(0, size);
}

function rankOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
