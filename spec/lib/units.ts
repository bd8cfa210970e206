/** Token counts in powers of two: 65536 → 64K, 1048576 → 1M. */
export function countText(count: number): string {
  if (count >= 2 ** 20 && count % 2 ** 20 === 0) return `${count / 2 ** 20}M`;
  return count >= 2 ** 12 && count % 2 ** 10 === 0 ? `${count / 2 ** 10}K` : String(count);
}

/** Seconds with three digits and a fitting unit: 25.8 ms. */
export function secondsText(seconds: number): string {
  if (seconds >= 1) return `${digits(seconds)} s`;
  return seconds >= 1e-3 ? `${digits(seconds * 1e3)} ms` : `${digits(seconds * 1e6)} µs`;
}

/** Bytes in decimal units: 33.6 MB. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const x = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${digits(bytes / 1000 ** x)} ${units[x]}`;
}

/** 0.5333 → 53.3 %. */
export function percentText(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function digits(value: number): string {
  if (value === 0) return '0';
  return value >= 100 ? String(Math.round(value)) : value.toFixed(value >= 10 ? 1 : 2);
}
