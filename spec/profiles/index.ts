// Generated from spec/profiles by `npm run generate`. Do not edit.
import type { Profile } from '../types/documents.js';
import coreDocument from './core.json' with { type: 'json' };
import longDocument from './long.json' with { type: 'json' };
import longParallelDocument from './long-parallel.json' with { type: 'json' };
import longcaDocument from './longca.json' with { type: 'json' };
import numericsDocument from './numerics.json' with { type: 'json' };
import operatorsDocument from './operators.json' with { type: 'json' };
import operatorsCacheDocument from './operators-cache.json' with { type: 'json' };
import operatorsHeadsDocument from './operators-heads.json' with { type: 'json' };
import operatorsLinearDocument from './operators-linear.json' with { type: 'json' };
import operatorsMixersDocument from './operators-mixers.json' with { type: 'json' };
import operatorsPositionsDocument from './operators-positions.json' with { type: 'json' };
import operatorsScoresDocument from './operators-scores.json' with { type: 'json' };
import operatorsSparseDocument from './operators-sparse.json' with { type: 'json' };
import operatorsVariantsDocument from './operators-variants.json' with { type: 'json' };
import parallelDocument from './parallel.json' with { type: 'json' };
import servingDocument from './serving.json' with { type: 'json' };
import soakDocument from './soak.json' with { type: 'json' };
import trainingDocument from './training.json' with { type: 'json' };

/** The documents of this folder, by file name. Tests hold each to its schema and its meaning. */
export const profileDocuments = [
  coreDocument,
  longParallelDocument,
  longDocument,
  longcaDocument,
  numericsDocument,
  operatorsCacheDocument,
  operatorsHeadsDocument,
  operatorsLinearDocument,
  operatorsMixersDocument,
  operatorsPositionsDocument,
  operatorsScoresDocument,
  operatorsSparseDocument,
  operatorsVariantsDocument,
  operatorsDocument,
  parallelDocument,
  servingDocument,
  soakDocument,
  trainingDocument,
] as unknown as readonly Profile[];
