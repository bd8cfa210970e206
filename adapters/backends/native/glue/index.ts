export { ggml } from './ggml.js';
export { llmc } from './llmc.js';
