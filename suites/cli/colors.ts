import pc from 'picocolors';

/** Colours on a terminal, or where FORCE_COLOR wants them; never where NO_COLOR is set. */
export function useColors(stream: { readonly isTTY?: boolean }): boolean {
  return pc.isColorSupported && (stream.isTTY === true || process.env.FORCE_COLOR !== undefined);
}
