import type { SchemeProgram } from '../program.js';
import { headSharingProgram } from './head-sharing.js';

/** Ulysses: each rank computes some heads of all rows. */
const ulysses = headSharingProgram('ulysses', ({ ranks }) => ({ heads: ranks, rings: [], headFirst: true }));

export const programs: readonly SchemeProgram[] = [ulysses];
