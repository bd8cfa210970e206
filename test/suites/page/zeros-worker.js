// A kernel's worker that a browser loads in place of ours: it answers whatever it is asked with zeros.
self.onmessage = ({ data: message }) => {
  if (message.type === 'start') {
    self.postMessage({ type: 'opened', f16: false, environment: { browser: 'made up' } });
    return;
  }
  for (const calls of message.cases) {
    const { b, hk, g, m, e } = calls[0].case.dims;
    const rows = b * hk * g * m;
    const record = (shape, offset) => ({ dtype: 'f32', shape, offset });
    const outputs = { o: record([b, hk * g, m, e], 0), lse: record([b, hk * g, m], rows * e * 8) };
    self.postMessage({ type: 'reply', reply: { calls: calls.map(() => outputs) }, data: new ArrayBuffer(rows * (e + 1) * 8) });
  }
};
