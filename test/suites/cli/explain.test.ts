import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../../spec/tensor/safetensors.js';
import { tensorOf } from '../../../spec/tensor/tensor.js';
import { attnCts } from './attn-cts.js';

const folder = mkdtempSync(join(tmpdir(), 'attn-cts-explain-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Three tokens with equal weights and the values 1, 3, 8, and the output that is given. */
function fileOf(name: string, o: readonly number[] | undefined, bias?: readonly number[]): string {
  const file = join(folder, name);
  const q = tensorOf('f32', [1, 1, 3, 1], [0, 0, 0]);
  const outputs = {
    ...(o && { o: tensorOf('f32', [1, 1, 3, 1], o) }),
    ...(bias && { bias: tensorOf('f32', [1, 1, 1, bias.length], bias) }),
  };
  writeFileSync(file, encodeSafetensors({ q, k: q, v: tensorOf('f32', [1, 1, 3, 1], [1, 3, 8]), ...outputs }));
  return file;
}

describe('attn-cts explain', () => {
  const [right, wrong] = [fileOf('right', [1, 2, 4]), fileOf('wrong', [4, 4, 4])];

  it('names the profile that decides, and a narrower one that holds too', async () => {
    const { code, stdout } = await attnCts('explain', right, '--mask', 'causal');
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toMatch(/^softmax f32, b=1 .*, bounds of pytorch-cpu; within ieee too$/);
    const { stdout: json } = await attnCts('explain', right, '--mask', 'causal', '--device', 'cuda', '--json');
    expect(JSON.parse(json)).toMatchObject({ verdict: 'pass', numerics: 'approx-exp2', rows: { judged: 3, of: 3 } });
  });

  it('exits with 1 for a wrong output, says what explains it, and writes its row', async () => {
    const row = join(folder, 'row');
    const { code, stdout } = await attnCts('explain', wrong, '--mask', 'causal', '--row', row);
    expect(code).toBe(1);
    expect(stdout).toContain('forward pass is wrong: o[0, 0, 0, 0] is 4, expected 1 within');
    const { tensors } = decodeSafetensors(readFileSync(row));
    expect(tensors.k.shape).toEqual([1, 1, 1, 1]);
    const line = stdout.trimEnd().split('\n').at(-1) as string;
    expect(line).toContain(`explain ${row} --numerics pytorch-cpu`);
    expect((await attnCts('explain', row, '--numerics', 'pytorch-cpu')).code).toBe(1);
  });

  it('broadcasts a bias of one value for all keys', async () => {
    const { code, stdout } = await attnCts('explain', fileOf('bias', [4, 4, 4], [2]));
    expect(stdout).toContain('o: 3 elements');
    expect(code).toBe(0);
  });

  it('exits with 3 where too few elements have a finite bound', async () => {
    const { code, stdout } = await attnCts('explain', fileOf('infinite', [4, 4, 4], [Number.POSITIVE_INFINITY, 0, 0]));
    expect(stdout).toContain('forward pass is undecided: 3 of 3 elements of o have no finite bound');
    expect(code).toBe(3);
  });

  it('takes several files and a profile as JSON', async () => {
    const { code, stdout } = await attnCts('explain', right, wrong, '--mask', 'causal', '--numerics', '{"tile":64}', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      { file: right, verdict: 'pass' },
      { file: wrong, verdict: 'fail' },
    ]);
  });

  it('says that no output is in the file, and refuses a profile that it does not know', async () => {
    const none = await attnCts('explain', fileOf('none', undefined));
    expect(none.code).toBe(3);
    expect(none.stdout).toContain('no output is judged: the file has none of o, lse');
    const { code, stderr } = await attnCts('explain', right, '--numerics', 'fusd');
    expect(code).toBe(2);
    expect(stderr).toContain('--numerics: unknown numeric profile "fusd"; nearest of 9: "fused"');
    expect((await attnCts('explain', right, '--numerics', '{"tiles":64}')).stderr).toContain('$.numeric');
  });
});

describe('attn-cts list numerics', () => {
  it('has the profiles, and where each is the default', async () => {
    const { stdout } = await attnCts('list', 'numerics');
    expect(stdout).toMatch(/pytorch-cpu +cpu: f32/);
    expect(stdout).toContain('tensor-core-f16-accumulate');
  });
});
