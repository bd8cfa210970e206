import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scratch } from '../runner/run-kernels.js';
import { attnCts } from './attn-cts.js';

const kernel = (name: string) => fileURLToPath(new URL(`../../kernels/${name}.js`, import.meta.url));

describe('a quick run', () => {
  it('judges the gradients that are claimed', async () => {
    const { code, stdout } = await attnCts('run', '--adapter', kernel('wrong-query-gradient'), '--quick', '--out', scratch());
    expect(code).toBe(1);
    expect(stdout).toContain('dq');
  });

  it('ends with 3 where nothing judged something that is claimed, and says what', async () => {
    const { code, stdout } = await attnCts('run', '--adapter', kernel('never-asked'), '--quick', '--out', scratch());
    expect(code).toBe(3);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^claimed, but not judged: output second/);
  });

  it('says nothing of it where a part was asked for', async () => {
    const part = ['--filter', 'softmax/causal/oracle/f32'];
    const { code, stdout } = await attnCts('run', '--adapter', kernel('never-asked'), '--quick', ...part, '--out', scratch());
    expect(stdout).not.toContain('claimed, but not judged');
    expect(code).toBe(0);
  });
});
