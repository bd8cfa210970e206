import pc from 'picocolors';

/** Colours on a terminal or with FORCE_COLOR; never with NO_COLOR. */
export function useColors(stream: { readonly isTTY?: boolean }): boolean {
  return pc.isColorSupported && (stream.isTTY === true || process.env.FORCE_COLOR !== undefined);
}
