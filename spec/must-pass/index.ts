// Generated from spec/must-pass by `npm run generate`. Do not edit.
import type { MustPass } from '../types/documents.js';
import coreDocument from './core.json' with { type: 'json' };
import trainingDocument from './training.json' with { type: 'json' };

/** The documents of this folder, by file name. Tests hold each to its schema and its meaning. */
export const mustPassDocuments = [coreDocument, trainingDocument] as unknown as readonly MustPass[];
