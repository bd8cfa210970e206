/** Offsets of an operand: term k of result element i is at outer[i] + inner[k]. */
export interface Places {
  readonly outer: Int32Array;
  readonly inner: Int32Array;
}

// Eight sums at once take a third of the time, as each addition waits for the previous one.
// The last sums of a row may be computed twice.

/** Computes sums in runs of `run` ≥ 8 neighbours with the same terms in x. */
export function eights(x: Float64Array, y: Float64Array, xPlaces: Places, yPlaces: Places, run: number, value: Float64Array): void {
  const { outer: xOuter, inner: xInner } = xPlaces;
  const { outer: yOuter, inner: yInner } = yPlaces;
  const terms = xInner.length;
  for (let end = run; end <= value.length; end += run) {
    const from = xOuter[end - run];
    for (let next = end - run; next < end; next += 8) {
      const i = next + 8 > end ? end - 8 : next;
      const y0 = yOuter[i];
      const y1 = yOuter[i + 1];
      const y2 = yOuter[i + 2];
      const y3 = yOuter[i + 3];
      const y4 = yOuter[i + 4];
      const y5 = yOuter[i + 5];
      const y6 = yOuter[i + 6];
      const y7 = yOuter[i + 7];
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let s4 = 0;
      let s5 = 0;
      let s6 = 0;
      let s7 = 0;
      for (let k = 0; k < terms; k++) {
        const factor = x[from + xInner[k]];
        const at = yInner[k];
        s0 += factor * y[y0 + at];
        s1 += factor * y[y1 + at];
        s2 += factor * y[y2 + at];
        s3 += factor * y[y3 + at];
        s4 += factor * y[y4 + at];
        s5 += factor * y[y5 + at];
        s6 += factor * y[y6 + at];
        s7 += factor * y[y7 + at];
      }
      value[i] = s0;
      value[i + 1] = s1;
      value[i + 2] = s2;
      value[i + 3] = s3;
      value[i + 4] = s4;
      value[i + 5] = s5;
      value[i + 6] = s6;
      value[i + 7] = s7;
    }
  }
}

/** Computes sums with any offsets. */
export function fours(x: Float64Array, y: Float64Array, xPlaces: Places, yPlaces: Places, value: Float64Array): void {
  const { outer: xOuter, inner: xInner } = xPlaces;
  const { outer: yOuter, inner: yInner } = yPlaces;
  const terms = xInner.length;
  const size = value.length;
  for (let next = 0; size >= 4 && next < size; next += 4) {
    const i = next + 4 > size ? size - 4 : next;
    const x0 = xOuter[i];
    const x1 = xOuter[i + 1];
    const x2 = xOuter[i + 2];
    const x3 = xOuter[i + 3];
    const y0 = yOuter[i];
    const y1 = yOuter[i + 1];
    const y2 = yOuter[i + 2];
    const y3 = yOuter[i + 3];
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let k = 0; k < terms; k++) {
      const xAt = xInner[k];
      const yAt = yInner[k];
      s0 += x[x0 + xAt] * y[y0 + yAt];
      s1 += x[x1 + xAt] * y[y1 + yAt];
      s2 += x[x2 + xAt] * y[y2 + yAt];
      s3 += x[x3 + xAt] * y[y3 + yAt];
    }
    value[i] = s0;
    value[i + 1] = s1;
    value[i + 2] = s2;
    value[i + 3] = s3;
  }
  for (let i = 0; size < 4 && i < size; i++) {
    let sum = 0;
    for (let k = 0; k < terms; k++) sum += x[xOuter[i] + xInner[k]] * y[yOuter[i] + yInner[k]];
    value[i] = sum;
  }
}

/** Computes sums of distances from a mean, one at a time because they are few. */
export function distances(
  x: Float64Array,
  y: Float64Array,
  mean: Float64Array,
  xPlaces: Places,
  yPlaces: Places,
  value: Float64Array,
): void {
  const { outer: xOuter, inner: xInner } = xPlaces;
  const { outer: yOuter, inner: yInner } = yPlaces;
  for (let i = 0; i < value.length; i++) {
    let sum = 0;
    for (let k = 0; k < xInner.length; k++) sum += x[xOuter[i] + xInner[k]] * Math.abs(y[yOuter[i] + yInner[k]] - mean[i]);
    value[i] = sum;
  }
}
