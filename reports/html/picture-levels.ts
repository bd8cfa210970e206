/** Visible share of a cell: level 0 is exactly 0, level 4 exactly 1. */
export const maskLevels = ['hidden', 'less than a third visible', 'less than two thirds visible', 'most visible', 'visible'] as const;

/** Largest error ÷ bound of each level but the last. */
const errorLimits = [0, 0.1, 0.5, 1, 10, 100, 1e4, 1e8] as const;

export const errorLevels = ['0', '≤ 0.1', '≤ 0.5', '≤ 1', '≤ 10', '≤ 100', '≤ 10⁴', '≤ 10⁸', '> 10⁸'] as const;

/** @param share visible cells ÷ all cells. */
export function maskLevel(share: number): string {
  if (share === 0) return '0';
  return share === 1 ? '4' : String(1 + Math.min(Math.floor(share * 3), 2));
}

/** @param ratio error ÷ bound. */
export function errorLevel(ratio: number): string {
  if (Number.isNaN(ratio)) return 'N';
  const level = errorLimits.findIndex((limit) => ratio <= limit);
  return String(level === -1 ? errorLimits.length : level);
}

/** @param weight share of the largest weight, in [0, 1]; only 0 has level 0. */
export function weightLevel(weight: number): string {
  return weight === 0 ? '0' : String(Math.max(1, Math.min(9, Math.round(weight * 9))));
}
