import type { CodeFormat } from '../../tensor/code-format.js';

export const codeFormats: readonly CodeFormat[] = ['e4m3', 'e5m2', 'e2m1', 'e8m0', 'int8', 'int4', 'f16', 'f32'];

type Attributes = Readonly<Record<string, string | boolean>>;

/** Format named by a term; no checked document omits it. */
export function formatOf({ format }: Attributes): CodeFormat {
  return (format ?? codeFormats[0]) as CodeFormat;
}

/** Four-bit code in a part of a byte; the byte itself without a part. */
export function nibbleOf(byte: number, part: string | boolean | undefined): number {
  return part === undefined ? byte : part === 'low' ? byte & 15 : byte >> 4;
}
