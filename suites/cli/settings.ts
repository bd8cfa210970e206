import type { Config } from '../../spec/types/documents.js';
import { readDialectFlags } from '../dialect-flag.js';
import { entriesOfOptions, type RunFlags, type RunSettings } from './options.js';

/** Values that `--quick` has in the place of the defaults. A kernel of somebody's own may compute another operator than softmax, and gradients, and read a cache: what it claims is judged. */
function quickValues(isNamed: boolean): RunFlags {
  return { profiles: isNamed ? ['core', 'training', 'serving', 'operators'] : ['core'], runs: 2, speed: 'slow' };
}

/**
 * Flags over configuration over defaults. A list that a flag gives replaces the configured one; dialect axes are merged.
 * @throws {UsageError | DocumentError} for a bad `--dialect`.
 */
export function mergeSettings(flags: RunFlags, config: Config): RunSettings {
  const configured: Readonly<Record<string, unknown>> = { ...config };
  const adapters = flags.adapters ?? config.adapters ?? [];
  const preset: RunFlags = flags.quick ? quickValues(adapters.length > 0) : {};
  const values = entriesOfOptions().map(([key, option]) => [key, flags[key] ?? configured[key] ?? preset[key] ?? option.default] as const);
  return { ...Object.fromEntries(values), dialect: { ...config.dialect, ...readDialectFlags(flags.dialect ?? []) } } as RunSettings;
}
