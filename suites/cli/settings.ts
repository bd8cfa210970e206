import type { Config } from '../../spec/types/documents.js';
import { readDialectFlags } from '../dialect-flag.js';
import { entriesOfOptions, type RunFlags, type RunSettings } from './options.js';

/**
 * Flags over configuration over defaults. A list that a flag gives replaces the configured one; dialect axes are merged.
 * @throws {UsageError | DocumentError} for a bad `--dialect`.
 */
export function mergeSettings(flags: RunFlags, config: Config): RunSettings {
  const configured: Readonly<Record<string, unknown>> = { ...config };
  const values = entriesOfOptions().map(([key, option]) => [key, flags[key] ?? configured[key] ?? option.default] as const);
  return { ...Object.fromEntries(values), dialect: { ...config.dialect, ...readDialectFlags(flags.dialect ?? []) } } as RunSettings;
}
