import { createRequire } from 'node:module';
import { kernel } from './kernel.js';

/** Every answer is right; it dies, as ATTN_DEATH says, when its process ends and it has long been disposed of. */
export default kernel('dies-at-exit', (_, right) => right());

const deaths = {
  abort: () => process.abort(),
  code: () => {
    process.exitCode = 3;
  },
};
const way = process.env.ATTN_DEATH ?? '';
process.on('exit', deaths[way.replace('runtime-', '')] ?? (() => {}));

// as a process that has loaded Dawn
if (way.startsWith('runtime-')) createRequire(import.meta.url).cache['/somewhere/dawn.node'] = { id: 'dawn', exports: {} };
