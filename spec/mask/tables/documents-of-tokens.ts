/** The document of each token; documents of length 0 are left out and take no index. */
export function documentIndex(lengths: readonly number[]): Int32Array {
  return perToken(lengths, (_start, _end, index) => index);
}

/** The first token of each token's document. */
export function documentStart(lengths: readonly number[]): Int32Array {
  return perToken(lengths, (start) => start);
}

/** The end of each token's document: one more than its last token. */
export function documentEnd(lengths: readonly number[]): Int32Array {
  return perToken(lengths, (_start, end) => end);
}

function perToken(lengths: readonly number[], value: (start: number, end: number, index: number) => number): Int32Array {
  const tokens = new Int32Array(lengths.reduce((sum, length) => sum + length, 0));
  let start = 0;
  let index = 0;
  for (const length of lengths) {
    if (length === 0) continue;
    tokens.fill(value(start, start + length, index++), start, start + length);
    start += length;
  }
  return tokens;
}
