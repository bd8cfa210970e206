import type { Scheme } from '../types/documents.js';
import ring from './ring.json' with { type: 'json' };
import ringStriped from './ring-striped.json' with { type: 'json' };
import ringZigzag from './ring-zigzag.json' with { type: 'json' };

export const schemeDocuments = [ring, ringZigzag, ringStriped] as unknown as readonly Scheme[];
