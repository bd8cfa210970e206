import type { Cluster } from '../types/documents.js';
import a100x8 from './a100-8.json' with { type: 'json' };
import h100x8 from './h100-8.json' with { type: 'json' };
import h100x96 from './h100-96.json' with { type: 'json' };
import h800x8 from './h800-8.json' with { type: 'json' };
import tpu1024 from './tpu-1024.json' with { type: 'json' };

export const clusterDocuments = [a100x8, h800x8, h100x8, h100x96, tpu1024] as unknown as readonly Cluster[];
