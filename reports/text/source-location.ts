import { relative, resolve } from 'node:path';
import type { AdapterResult } from '../../spec/types/documents.js';
import type { ReportContext } from '../reporter.js';
import { pathFault } from './path-fault.js';

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

/** Source locations of the adapters that name one, by adapter id. */
function sourceLocations(adapters: readonly AdapterResult[]): Map<string, SourceLocation> {
  return new Map(
    adapters.flatMap((adapter) => {
      const location = sourceLocation(adapter);
      return location ? [[adapter.id, location] as const] : [];
    }),
  );
}

/**
 * A location for every adapter: what it names, else the file that `--adapter` names, else the result document, because code scanning
 * takes no finding without a file.
 */
export function everyLocation(adapters: readonly AdapterResult[], { sources, out }: ReportContext): (adapter: string) => SourceLocation {
  const named = sourceLocations(adapters);
  const result = relativePath(`${out.replace(/\/+$/, '')}/result.json`) ?? 'result.json';
  return (adapter) => {
    const file = Object.hasOwn(sources, adapter) ? fileOfSource(sources[adapter]) : undefined;
    return named.get(adapter) ?? { file: file ?? result, line: 1 };
  };
}

/** File in the value of `--adapter`: without its kind, without the function of a Python file, and of a command the first word that is a path. */
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

/** Path below the working folder, with `/` between its parts; undefined if it lies elsewhere. */
function relativePath(path: string): string | undefined {
  const found = relative('.', resolve(path)).replaceAll('\\', '/');
  return pathFault(found) === undefined ? found : undefined;
}
