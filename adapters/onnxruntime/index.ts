export { onnxruntimeAttention } from './attention.js';
export { onnxruntimeGqa } from './group-query-attention.js';
export { onnxruntimeMha } from './multi-head-attention.js';
