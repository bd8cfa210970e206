// Scaled dot-product attention in plain loops, with an online softmax over the keys. Make `attention` yours.

/** @type {import('attention-cts').Adapter} */
const adapter = {
  id: 'my-module-kernel',
  title: 'My attention in JavaScript',
  version: '0.1.0',
  // what is claimed is called and must be right; what is not claimed is never called
  capabilities: {
    dtypes: ['f32'],
    operators: ['softmax'],
    masks: ['full', 'causal'],
    denseMask: 'boolean',
    options: ['scale'],
    outputs: ['o', 'lse'],
    numeric: { accumulate: 'f64', tile: 1 },
  },
  async open() {
    return {
      environment: { engine: `V8 ${process.versions.v8}` },
      forward: async ({ case: problem, tensors }) => attention(problem, tensors),
      async [Symbol.asyncDispose]() {},
    };
  },
};
export default adapter;

/** q [b, heads, m, d], k [b, hk, n, d], v [b, hk, n, e], mask BOOL [b, heads, m, n] → o [b, heads, m, e], lse [b, heads, m]. */
function attention({ dims, options, mask: { name } }, { q, k, v, mask }) {
  const { b, hk, g, m, n, d, e } = dims;
  const heads = hk * g;
  const scale = options.scale ?? 1 / Math.sqrt(d);
  const o = new Float32Array(b * heads * m * e);
  const lse = new Float32Array(b * heads * m);
  for (let row = 0; row < b * heads * m; row++) {
    const i = row % m;
    const head = Math.floor(row / m); // of all batch entries; g query heads share a key head
    const keys = Math.floor(head / g) * n;
    // a mask that comes as a tensor is the whole mask; causal is aligned with the last key
    const visible = (j) => (mask ? mask.data[row * n + j] === 1 : name !== 'causal' || j <= i + n - m);
    const sum = new Float64Array(e); // of exp(score − largest) · v
    let total = 0; // of exp(score − largest)
    let largest = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < n; j++) {
      if (!visible(j)) continue;
      let score = 0;
      for (let c = 0; c < d; c++) score += q.data[row * d + c] * k.data[(keys + j) * d + c];
      score *= scale;
      const above = Math.max(largest, score);
      const shrink = Math.exp(largest - above);
      const weight = Math.exp(score - above);
      largest = above;
      total = total * shrink + weight;
      for (let c = 0; c < e; c++) sum[c] = sum[c] * shrink + weight * v.data[(keys + j) * e + c];
    }
    // a row that sees no key: 0 and −∞
    for (let c = 0; c < e; c++) o[row * e + c] = total === 0 ? 0 : sum[c] / total;
    lse[row] = largest + Math.log(total);
  }
  return { o: tensor([b, heads, m, e], o), lse: tensor([b, heads, m], lse) };
}

function tensor(shape, data) {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((x, y) => x * y, 1));
  return { dtype: 'f32', shape, strides, offset: 0, data };
}
