import { relative, resolve } from 'node:path';
import type { AdapterResult } from '../../spec/types/documents.js';
import type { ReportContext } from '../reporter.js';
import { pathFault } from './path-fault.js';

export interface SourceLocation {
  /** Path relative to the run's working folder, with `/` as separator. */
  readonly file: string;
  readonly line: number;
}

/** Parses `source` of the capabilities, e.g. "kernels/attention.py:42". */
function sourceLocation({ capabilities }: AdapterResult): SourceLocation | undefined {
  const [, path, line] = /^(.+):0*([1-9]\d{0,8})$/s.exec(capabilities?.source ?? '') ?? [];
  if (path === undefined) return undefined;
  const file = path.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
  return pathFault(file) === undefined ? { file, line: Number(line) } : undefined;
}

function sourceLocations(adapters: readonly AdapterResult[]): Map<string, SourceLocation> {
  return new Map(
    adapters.flatMap((adapter) => {
      const location = sourceLocation(adapter);
      return location ? [[adapter.id, location] as const] : [];
    }),
  );
}

/** Returns an adapter's source, or the file of `--adapter`, or the result document. */
export function everyLocation(adapters: readonly AdapterResult[], { sources, out }: ReportContext): (adapter: string) => SourceLocation {
  const named = sourceLocations(adapters);
  const result = relativePath(`${out.replace(/\/+$/, '')}/result.json`) ?? 'result.json';
  return (adapter) => {
    const file = Object.hasOwn(sources, adapter) ? fileOfSource(sources[adapter]) : undefined;
    return named.get(adapter) ?? { file: file ?? result, line: 1 };
  };
}

/** Returns the file in a value of `--adapter`; for a command, its first word that is a path. */
function fileOfSource(source: string): string | undefined {
  const [, kind, argument] = /^(?:([a-z]{2,}):)?(.+)$/s.exec(source) ?? [];
  if (argument === undefined) return undefined;
  if (kind === 'process')
    return argument
      .split(/[\s'"]+/)
      .map((word) => (/[\w-]\.\w+$/.test(word) ? relativePath(word) : undefined))
      .find((path) => path !== undefined);
  return relativePath(argument.replace(/(\.py):[^:/\\]+$/, '$1'));
}

/** Returns a path below the working folder with `/` as separator, or undefined. */
function relativePath(path: string): string | undefined {
  const found = relative('.', resolve(path)).replaceAll('\\', '/');
  return pathFault(found) === undefined ? found : undefined;
}
