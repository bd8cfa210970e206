import type { Profile } from '../types/documents.js';
import core from './core.json' with { type: 'json' };
import longca from './longca.json' with { type: 'json' };
import numerics from './numerics.json' with { type: 'json' };
import operators from './operators.json' with { type: 'json' };
import parallel from './parallel.json' with { type: 'json' };
import serving from './serving.json' with { type: 'json' };
import training from './training.json' with { type: 'json' };

export const profileDocuments: readonly Profile[] = [core, training, serving, numerics, operators, longca, parallel];
