/** What rank 0 reads on its stdin, a JSON line each: files with a command to all ranks, and for what they come to. Rank 0 is on this machine. */
export interface Line {
  readonly command: string;
  /** Where the command is a job. */
  readonly outputs?: string;
}

/** What ranks write to stdout, a line each, among whatever their kernels print there. */
export type Word =
  /** Rank 0: all have opened their kernels. */
  | { readonly open: true }
  /** Rank 0: the outputs are written. */
  | { readonly done: true }
  /** Whom it waits for, where it is told to leave during a job. */
  | { readonly rank: number; readonly waits: readonly string[] }
  | { readonly rank: number; readonly failed: { readonly how: string; readonly message: string } }
  | { readonly rank: number; readonly unavailable: { readonly reason: string; readonly remedy: string } };

const mark = '@attn-cts ';

/** On a line of its own, whatever stands before it. */
export function wordLine(word: Word): string {
  return `\n${mark}${JSON.stringify(word)}\n`;
}

export function wordOf(line: string): Word | undefined {
  return line.startsWith(mark) ? (JSON.parse(line.slice(mark.length)) as Word) : undefined;
}
