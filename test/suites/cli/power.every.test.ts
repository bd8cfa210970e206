import { afterEach, describe, expect, it, vi } from 'vitest';
import { powerAction } from '../../../suites/cli/actions/power.js';
import { UsageError } from '../../../suites/lib/usage-error.js';
import { asksAll } from '../../some.js';

function printed(): { text: string } {
  const out = { text: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out.text += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  return out;
}

afterEach(() => vi.restoreAllMocks());

describe('attn-cts power', () => {
  it.skipIf(!asksAll)('prints a document of the mutants that a filter names', async () => {
    const out = printed();
    expect(await powerAction({ json: true, filter: ['zeros'], jobs: 1 })).toBe(0);
    const { mutants } = JSON.parse(out.text);
    expect(mutants.map((m: { id: string; killed: boolean }) => [m.id, m.killed])).toEqual([['zeros', true]]);
  });

  it.skipIf(asksAll)('refuses a filter that matches nothing, naming the nearest', async () => {
    await expect(powerAction({ filter: ['head-tiled'] })).rejects.toThrow(UsageError);
    await expect(powerAction({ filter: ['head-tiled'] })).rejects.toThrow(/heads-tiled/);
  });
});
