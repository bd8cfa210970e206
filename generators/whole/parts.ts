import { reuse } from '../history/reuse.js';
import type { Part } from '../lib/part.js';
import { parallel } from '../options/parallel.js';
import { split } from '../options/split.js';
import { views } from '../options/views.js';

/** Parts of cases that only some checks draw, in drawing order. */
export const parts: readonly Part[] = [parallel, split, reuse, views];
