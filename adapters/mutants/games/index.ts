import type { Mutant } from '../mutant.js';
import { calls } from './calls.js';
import { recall } from './recall.js';
import { shortcuts } from './shortcuts.js';

/** Kernels that are made to pass a checker rather than to be right. */
export const games: readonly Mutant[] = [...recall, ...calls, ...shortcuts];
