/**
 * Parts that add up to a total: every length is cut to what is left, and the last part is the rest.
 * @param fits whether a part may have this length; the total must fit. A part that does not, or would leave a rest that does not, is made shorter.
 */
export function cutLengths(total: number, lengths: readonly number[], fits: (length: number) => boolean): number[] {
  const parts: number[] = [];
  let left = total;
  for (const length of lengths) {
    let part = Math.min(length, left);
    while (part > 0 && !(fits(part) && (part === left || fits(left - part)))) part--;
    if (part > 0 || fits(0)) parts.push(part);
    left -= part;
  }
  if (left > 0 || parts.length === 0) parts.push(left);
  return parts;
}
