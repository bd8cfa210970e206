import type { AdapterResult } from '../spec/types/documents.js';
import { pathFault } from './path-fault.js';

export interface SourceLocation {
  /** Relative to the working folder of the run, `/` between its parts. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Where the kernel stands, by `source` of its capabilities, such as "kernels/attention.py:42"; undefined where that is no such place. */
function sourceLocation({ capabilities }: AdapterResult): SourceLocation | undefined {
  const [, path, line] = /^(.+):0*([1-9]\d{0,8})$/s.exec(capabilities?.source ?? '') ?? [];
  if (path === undefined) return undefined;
  const file = path.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
  return pathFault(file) === undefined ? { file, line: Number(line) } : undefined;
}

/** Locations of a result's adapters that have one, by id. */
export function sourceLocations(adapters: readonly AdapterResult[]): Map<string, SourceLocation> {
  return new Map(
    adapters.flatMap((adapter) => {
      const location = sourceLocation(adapter);
      return location ? [[adapter.id, location] as const] : [];
    }),
  );
}
