// Generated from spec/lengths by `npm run generate`. Do not edit.
import type { LengthDistribution } from '../types/documents.js';
import pileDocument from './pile.json' with { type: 'json' };
import pileLongDocument from './pile-long.json' with { type: 'json' };
import prolong64kDocument from './prolong64k.json' with { type: 'json' };
import prolong64kLongDocument from './prolong64k-long.json' with { type: 'json' };
import prolong512kDocument from './prolong512k.json' with { type: 'json' };
import prolong512kLongDocument from './prolong512k-long.json' with { type: 'json' };

/** The documents of this folder, by file name. Tests hold each to its schema and its meaning. */
export const lengthDocuments = [
  pileLongDocument,
  pileDocument,
  prolong512kLongDocument,
  prolong512kDocument,
  prolong64kLongDocument,
  prolong64kDocument,
] as unknown as readonly LengthDistribution[];
