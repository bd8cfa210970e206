/** Parts that add up to a total, each shortened until it and the rest fit; the last is the rest. */
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
