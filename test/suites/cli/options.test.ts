import { describe, expect, it } from 'vitest';
import schema from '../../../spec/schema/config.schema.json' with { type: 'json' };
import { entriesOfOptions } from '../../../suites/cli/options.js';

describe('options of run', () => {
  it('have every key of the configuration, and flags of their own', () => {
    const keys = entriesOfOptions().map(([key]) => key as string);
    for (const key of Object.keys(schema.properties)) if (key !== '$schema') expect(keys).toContain(key);
    const flags = entriesOfOptions().map(([, { flag }]) => flag.split(' ')[0]);
    expect(new Set(flags).size).toBe(flags.length);
  });
});
