import type { CodeFormat } from '../../tensor/code-format.js';

/** Formats that programs may name. */
export const codeFormats: readonly CodeFormat[] = ['e4m3', 'e5m2', 'e2m1', 'e8m0', 'int8', 'int4', 'f16', 'f32'];

type Attributes = Readonly<Record<string, string | boolean>>;

/** Returns the format that a term names; the first where it names none, which no document passes with. */
export function formatOf({ format }: Attributes): CodeFormat {
  return (format ?? codeFormats[0]) as CodeFormat;
}

/** Returns the code of four bits that a part of a byte holds; the byte itself if no part is named. */
export function nibbleOf(byte: number, part: string | boolean | undefined): number {
  return part === undefined ? byte : part === 'low' ? byte & 15 : byte >> 4;
}
