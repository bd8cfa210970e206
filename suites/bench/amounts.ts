/** A number of tokens in a message: 48K where it is whole K, of 4K and more. */
export function tokensText(tokens: number): string {
  return tokens >= 4096 && tokens % 1024 === 0 ? `${tokens / 1024}K` : String(tokens);
}

/** Bytes in a message, as memories are sold: 22.6 GB. */
export function gigabytesText(bytes: number): string {
  return `${(bytes / 1e9).toPrecision(3)} GB`;
}
