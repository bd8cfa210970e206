/** Number as text with `digits` significant digits, without trailing zeros. */
export function shortNumber(x: number, digits = 3): string {
  return String(Number(x.toPrecision(digits)));
}
