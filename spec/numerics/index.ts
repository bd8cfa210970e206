// Generated from spec/numerics by `npm run generate`. Do not edit.
import type { Numerics } from '../types/documents.js';
import approxExp2Document from './approx-exp2.json' with { type: 'json' };
import fp8PDocument from './fp8-p.json' with { type: 'json' };
import fusedDocument from './fused.json' with { type: 'json' };
import ieeeDocument from './ieee.json' with { type: 'json' };
import pytorchCpuDocument from './pytorch-cpu.json' with { type: 'json' };
import tensorCoreDocument from './tensor-core.json' with { type: 'json' };
import tensorCoreF16AccumulateDocument from './tensor-core-f16-accumulate.json' with { type: 'json' };
import tf32Document from './tf32.json' with { type: 'json' };
import unfusedDocument from './unfused.json' with { type: 'json' };

/** The documents of this folder, by file name. Tests hold each to its schema and its meaning. */
export const numericsDocuments = [
  approxExp2Document,
  fp8PDocument,
  fusedDocument,
  ieeeDocument,
  pytorchCpuDocument,
  tensorCoreF16AccumulateDocument,
  tensorCoreDocument,
  tf32Document,
  unfusedDocument,
] as unknown as readonly Numerics[];
