/** JSON line on stdin of rank 0: paths of the files for a command to all ranks and for results. */
export interface Line {
  readonly command: string;
  readonly outputs?: string;
}

/** JSON line that a rank writes to stdout, among the output of its kernel. */
export type Word =
  /** Rank 0: all ranks have opened their kernels. */
  | { readonly open: true }
  /** Rank 0: the outputs are written. */
  | { readonly done: true }
  /** Messages that the rank waits for, if it must leave during a job. */
  | { readonly rank: number; readonly waits: readonly string[] }
  | { readonly rank: number; readonly failed: { readonly how: string; readonly message: string } }
  | { readonly rank: number; readonly unavailable: { readonly reason: string; readonly remedy: string } };

const mark = '@attn-cts ';

/** Formats a word on a separate line, even after unfinished output. */
export function wordLine(word: Word): string {
  return `\n${mark}${JSON.stringify(word)}\n`;
}

export function wordOf(line: string): Word | undefined {
  return line.startsWith(mark) ? (JSON.parse(line.slice(mark.length)) as Word) : undefined;
}
