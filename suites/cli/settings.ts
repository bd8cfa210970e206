import type { Config } from '../../spec/types/documents.js';
import { readDialectFlags } from '../dialect-flag.js';
import { entriesOfOptions, type RunFlags, type RunSettings } from './options.js';

/** Defaults under `--quick`. A named kernel is judged by more profiles, since it may claim more. */
function quickValues(isNamed: boolean): RunFlags {
  return { profiles: isNamed ? ['core', 'training', 'serving', 'operators'] : ['core'], runs: 2, speed: 'slow' };
}

/** Merges flags over configuration over defaults. @throws {UsageError} @throws {DocumentError} */
export function mergeSettings(flags: RunFlags, config: Config): RunSettings {
  const configured: Readonly<Record<string, unknown>> = { ...config };
  const adapters = flags.adapters ?? config.adapters ?? [];
  const preset: RunFlags = flags.quick ? quickValues(adapters.length > 0) : {};
  const values = entriesOfOptions().map(([key, option]) => [key, flags[key] ?? configured[key] ?? preset[key] ?? option.default] as const);
  return { ...Object.fromEntries(values), dialect: { ...config.dialect, ...readDialectFlags(flags.dialect ?? []) } } as RunSettings;
}
