import { kernel } from './kernel.js';

/** Answers in bfloat16 what was asked in f32. */
export default kernel('wrong-dtype', async (_, right) => {
  const { o, ...rest } = await right();
  return { o: { ...o, dtype: 'bf16', data: new Uint16Array(o.data.length) }, ...rest };
});
