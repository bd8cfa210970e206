import type { ExpectedOutputs, JudgedPass } from '../../expected/expected.js';

/** Verdict on a user's tensors, as `attn-cts expected --json` prints it. */
export function expectedRecord({ case: c, tensors, judged }: ExpectedOutputs) {
  return {
    operator: c.operator,
    dims: c.dims,
    dtype: c.dtype,
    outputs: Object.keys(tensors).flatMap((name) => (name.startsWith('expected.') ? [name.slice('expected.'.length)] : [])),
    verdict: judged.length === 0 ? 'not judged' : judged.some(({ judgement }) => judgement.status === 'fail') ? 'fail' : 'pass',
    judged: judged.map(({ pass, outputs, judgement, statistics }) => ({ pass, outputs, ...withoutDiagnosis(judgement), statistics })),
  };
}

function withoutDiagnosis(judgement: JudgedPass['judgement']) {
  if (judgement.status === 'pass') return { status: judgement.status };
  const { diagnosis: _, call: __, ...rest } = judgement as JudgedPass['judgement'] & { diagnosis?: unknown; call?: unknown };
  return rest;
}

/** Verdict in words. @param out file of the expected values, if written. */
export function describeExpected(expected: ExpectedOutputs, out: string | undefined): string {
  const { operator, dims, dtype, outputs } = expectedRecord(expected);
  const sizes = Object.entries(dims).map(([axis, size]) => `${axis}=${size}`);
  const lines = [`${operator} ${dtype}, ${sizes.join(' ')}`];
  for (const { pass, outputs: given, judgement, statistics } of expected.judged) {
    for (const name of given) {
      const seen = statistics[name];
      if (seen)
        lines.push(
          `  ${name}: ${seen.elements} elements, largest error ${seen.maxOverBound.toPrecision(3)} of the bound, ${seen.undecided} undecided`,
        );
    }
    if (judgement.status === 'fail')
      lines.push(`  ${pass} pass is wrong: ${judgement.message}`, ...(judgement.hint ? [`  ${judgement.hint}`] : []));
    else lines.push(`  ${pass} pass is right`);
  }
  if (expected.judged.length === 0) lines.push(`  nothing is judged: the file has none of ${outputs.join(', ')}`);
  if (out !== undefined) lines.push(`  expected.X and bound.X of ${outputs.join(', ')} are in ${out}`);
  return `${lines.join('\n')}\n`;
}
