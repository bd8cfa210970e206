export { tfjsCpu } from './cpu.js';
export { tfjsNode, tfjsNodeGpu } from './node.js';
export { tfjsWasm } from './wasm.js';
export { tfjsWebgl } from './webgl.js';
export { tfjsWebgpu } from './webgpu.js';
