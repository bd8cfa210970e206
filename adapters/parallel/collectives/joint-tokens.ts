import type { Positions } from '../../../spec/positions.js';
import { valueIn, type World } from '../../../spec/scheme/world.js';
import type { Tensor } from '../../../spec/tensor/tensor.js';
import { join, slice } from './slices.js';

/** Positions in joint attention: text on every rank, then shares of the image. */
export interface JointPlaces {
  readonly text: readonly Positions[];
  readonly images: readonly (readonly Positions[])[];
  readonly all: readonly Positions[];
}

const known = new WeakMap<World, JointPlaces>();

/** Returns cached positions, because masks of blocks are found by their identity. */
export function jointPlaces(world: World): JointPlaces {
  const [text, share] = [valueIn(world, 'text'), valueIn(world, 'share')];
  const from = (start: number, length: number): Positions[] => (length > 0 ? [{ start, length, stride: 1 }] : []);
  const found = known.get(world) ?? {
    text: from(0, text),
    images: Array.from({ length: world.ranks }, (_, rank) => from(text + rank * share, share)),
    all: from(0, text + world.ranks * share),
  };
  known.set(world, found);
  return found;
}

/** Returns the positions of every rank: the text, and its share of the image. */
export function jointLayout(world: World): Positions[][] {
  const { text, images } = jointPlaces(world);
  return images.map((image) => [...text, ...image]);
}

/** Rows of text and of an image, along the token axis. */
export interface JointRows {
  readonly text: Tensor;
  readonly image: Tensor;
}

/** Splits rows that begin with the text. */
export function cutText(t: Tensor, world: World): JointRows {
  const text = valueIn(world, 'text');
  return { text: slice(t, 2, 0, text), image: slice(t, 2, text, t.shape[2] - text) };
}

export function withText({ text, image }: JointRows): Tensor {
  return join([text, image], 2);
}
