import type { AdapterResult } from '../../spec/types/documents.js';
import { pathFault } from '../files/path-fault.js';

export interface SourceLocation {
  /** Path relative to the working folder of the run, with `/` between its parts. */
  readonly file: string;
  /** Line number, counted from 1. */
  readonly line: number;
}

/** Location of the kernel by `source` of its capabilities, such as "kernels/attention.py:42"; undefined if that is not a location. */
function sourceLocation({ capabilities }: AdapterResult): SourceLocation | undefined {
  const [, path, line] = /^(.+):0*([1-9]\d{0,8})$/s.exec(capabilities?.source ?? '') ?? [];
  if (path === undefined) return undefined;
  const file = path.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
  return pathFault(file) === undefined ? { file, line: Number(line) } : undefined;
}

/** Source locations of the adapters that have one, by adapter id. */
export function sourceLocations(adapters: readonly AdapterResult[]): Map<string, SourceLocation> {
  return new Map(
    adapters.flatMap((adapter) => {
      const location = sourceLocation(adapter);
      return location ? [[adapter.id, location] as const] : [];
    }),
  );
}
