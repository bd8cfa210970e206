import type { Primitive } from './primitive.js';
import { allPrimitives } from './primitives/index.js';

/** Primitives by the name that programs use. */
export const primitives: ReadonlyMap<string, Primitive> = new Map(allPrimitives.map((p) => [p.name, p]));
