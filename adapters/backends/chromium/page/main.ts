import type { Algorithm } from '../../webgpu/capabilities.js';
import { findBrowserGpu } from '../browser-gpu.js';
import { serve } from './serve.js';

const { location } = globalThis as unknown as { location: { search: string } };
const algorithm = new URLSearchParams(location.search).get('algorithm') as Algorithm;
await serve(async () => (await findBrowserGpu()).open(algorithm));
