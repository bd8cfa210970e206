import { native } from '../../dist/adapters/backends/native/index.js';

/** The native kernel under another name: ATTN_TWIN, read where its process starts. */
export default { ...native, id: process.env.ATTN_TWIN ?? 'twin', title: 'The native kernel, once more' };
