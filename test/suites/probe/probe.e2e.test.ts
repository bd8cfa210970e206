import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { dialectAxes } from '../../../spec/dialect.js';
import { checkDocument, parseDocument } from '../../../spec/lib/documents.js';
import type { Probe } from '../../../spec/types/documents.js';
import { probeAction } from '../../../suites/cli/actions/probe.js';
import { readDialectFlags } from '../../../suites/dialect-flag.js';
import { probeAdapter } from '../../../suites/probe/probe.js';

const options = { timeout: 10, startTimeout: 60 };
const kernel = (name: string) => fileURLToPath(new URL(`../../kernels/${name}`, import.meta.url));

async function probeOf(source: string): Promise<Probe> {
  const probed = await probeAdapter(source, options);
  if (probed.state !== 'probed') throw new Error(probed.reason);
  return checkDocument('probe', JSON.parse(JSON.stringify(probed.probe)), 'probe');
}

describe('the probe of an adapter', () => {
  it('is a document with every axis, what it declares, and the evidence', async () => {
    const probe = await probeOf('reference');
    expect(probe.calls.length).toBeLessThanOrEqual(80);
    expect(probe.axes.map(({ axis }) => axis).sort()).toEqual(Object.keys(dialectAxes).sort());
    expect(probe.axes.every(({ status, from }) => status === 'inferred' && from === 'default')).toBe(true);
    expect(probe.dialect).toEqual(Object.fromEntries(probe.axes.map(({ axis, declared }) => [axis, declared])));
    expect(probe.axes.every(({ evidence }) => evidence.length > 0 && evidence.every(({ call }) => probe.calls[call]))).toBe(true);
  });

  it('says of each call that a kernel refuses or dies under what became of it', async () => {
    const { axes, dialect } = await probeOf(kernel('uneven.js'));
    const texts = axes.find(({ axis }) => axis === 'causal')?.evidence.map(({ text }) => text) ?? [];
    expect(texts[0]).toMatch(/m=9 n=4, .*: its process died by signal SIGABRT$/);
    expect(texts[1]).toMatch(/m=4 n=7, .*: error: cannot do 4 queries$/);
    expect(texts.slice(2).every((text) => /its process died|cannot do/.test(text))).toBe(true);
    expect(axes.find(({ axis }) => axis === 'causal')).toMatchObject({ status: 'not-inferred', values: [] });
    expect(dialect).toEqual({ lseBase: 'e', defaultScale: '1/sqrt(d)' });
  });

  it('says why one cannot be started', async () => {
    expect(await probeAdapter(kernel('unavailable.js'), options)).toMatchObject({ state: 'unavailable' });
  });
});

describe('attn-cts probe', () => {
  /** Runs the command. Returns its exit code and what it printed on stdout. */
  async function run(flags: Parameters<typeof probeAction>[0]) {
    let stdout = '';
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      stdout += text;
      return true;
    });
    try {
      return { code: await probeAction(flags), stdout };
    } finally {
      write.mockRestore();
    }
  }

  it('prints JSON, and writes what run --dialect takes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'attention-cts-probe-'));
    try {
      const write = join(folder, 'found', 'dialect.json');
      const { code, stdout } = await run({ adapter: kernel('correct.js'), json: true, write });
      expect(code).toBe(0);
      expect(readDialectFlags([write])).toEqual(parseDocument('probe', stdout, 'stdout').dialect);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('declares no axis that depends on the size, says why, and ends with 3', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'attention-cts-probe-'));
    const said: string[] = [];
    const error = vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
    try {
      const write = join(folder, 'dialect.json');
      const { code, stdout } = await run({ adapter: kernel('changes-with-size.ts'), write });
      expect(code).toBe(3);
      expect(stdout).toMatch(/maskedNaN +leaks +NO: default shielded/);
      expect(stdout).toMatch(/contradict each other: shielded in .*; leaks in .* m=64 n=64; one leak decides/);
      const written = readDialectFlags([write]);
      expect(written).toMatchObject({ maskedNaN: 'leaks', heads: 'grouped' });
      expect(written).not.toHaveProperty('causal');
      expect(said.join('')).toMatch(/causal is not declared in .*: its answers contradict each other: bottom-right in .*; top-left in /);
    } finally {
      error.mockRestore();
      rmSync(folder, { recursive: true });
    }
  });

  it('ends with 3 where an axis could not be inferred', async () => {
    const { code, stdout } = await run({ adapter: kernel('uneven.js') });
    expect(code).toBe(3);
    expect(stdout).toMatch(/causal +could not be inferred +default bottom-right/);
  });

  it('refuses what names no adapter', async () => {
    await expect(run({ adapter: 'referense' })).rejects.toThrow(/reference/);
  });
});
