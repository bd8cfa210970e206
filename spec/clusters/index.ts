// Generated from spec/clusters by `npm run generate`. Do not edit.
import type { Cluster } from '../types/documents.js';
import a1008Document from './a100-8.json' with { type: 'json' };
import h1008Document from './h100-8.json' with { type: 'json' };
import h10096Document from './h100-96.json' with { type: 'json' };
import h8008Document from './h800-8.json' with { type: 'json' };
import tpu1024Document from './tpu-1024.json' with { type: 'json' };

/** The documents of this folder, by file name. Tests hold each to its schema and its meaning. */
export const clusterDocuments = [
  a1008Document,
  h1008Document,
  h10096Document,
  h8008Document,
  tpu1024Document,
] as unknown as readonly Cluster[];
