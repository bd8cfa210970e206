import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../../spec/tensor/safetensors.js';
import { tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import { attnCts } from './attn-cts.js';

const folder = mkdtempSync(join(tmpdir(), 'attn-cts-expected-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Two tokens of which the second one's value is 3; the first output is given. */
function fileOf(name: string, first: number): string {
  const file = join(folder, name);
  const q = tensorOf('f32', [1, 1, 2, 1], [0, 0]);
  writeFileSync(
    file,
    encodeSafetensors({ q, k: q, v: tensorOf('f32', [1, 1, 2, 1], [1, 3]), o: tensorOf('f32', [1, 1, 2, 1], [first, 2]) }),
  );
  return file;
}

describe('attn-cts expected', () => {
  it('writes exact values and bounds, and judges what is in the file', async () => {
    const out = join(folder, 'out.safetensors');
    const { code, stdout } = await attnCts('expected', fileOf('right', 1), '--mask', 'causal', '--out', out);
    expect(code).toBe(0);
    expect(stdout).toContain('forward pass is right');
    const { tensors } = decodeSafetensors(readFileSync(out));
    expect([...valuesOf(tensors['expected.o'])]).toEqual([1, 2]);
    expect(valuesOf(tensors['bound.o']).every((bound) => bound > 0 && bound < 1e-5)).toBe(true);
  });

  it('exits with 1 where it is wrong, and says where', async () => {
    const { code, stdout } = await attnCts('expected', fileOf('wrong', 2), '--mask', 'causal', '--json');
    expect(code).toBe(1);
    const record = JSON.parse(stdout);
    expect(record).toMatchObject({
      verdict: 'fail',
      judged: [{ pass: 'forward', output: 'o', index: [0, 0, 0, 0], expected: 1, actual: 2 }],
    });
  });

  it.each([
    [['nowhere.safetensors'], 'nowhere.safetensors'],
    [[fileOf('a', 1), '--operator', 'sofmax'], 'softmax'],
    [[fileOf('b', 1), '--option', 'scale'], 'NAME=NUMBER'],
    [[fileOf('c', 1), '--param', 'left=1'], '--mask'],
    [[fileOf('d', 1), '--layout', 'thd'], 'cu_q'],
  ])('refuses %j', async (args, mend) => {
    const { code, stderr } = await attnCts('expected', ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(mend);
  });
});
