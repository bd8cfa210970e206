import type { SchemeProgram } from '../program.js';
import { allGatherProgram } from './all-gather.js';
import { apbProgram } from './apb.js';
import { distAttention } from './dist-attention.js';
import { doubleRingProgram } from './double-ring.js';
import { hybrid } from './hybrid.js';
import { laspProgram } from './lasp.js';
import { lasp2Program } from './lasp-2.js';
import { lasp2hProgram } from './lasp-2h.js';
import { lightseq } from './lightseq.js';
import { longnetProgram } from './longnet.js';
import { magi } from './magi.js';
import { ringProgram } from './ring.js';
import { star } from './star.js';
import { treeDecode } from './tree-decode.js';
import { ulysses } from './ulysses.js';
import { usp } from './usp.js';
import { zeppelin } from './zeppelin.js';

/** Every scheme's program, in the order of spec/schemes. */
export const programs: readonly SchemeProgram[] = [
  ringProgram('ring'),
  ringProgram('ring-zigzag'),
  ringProgram('ring-striped'),
  ulysses,
  allGatherProgram('all-gather'),
  allGatherProgram('all-gather-zigzag'),
  usp,
  doubleRingProgram('double-ring', true),
  doubleRingProgram('double-ring-context', false),
  magi,
  lightseq,
  treeDecode,
  distAttention,
  laspProgram(),
  lasp2Program(),
  lasp2hProgram(),
  hybrid,
  zeppelin,
  allGatherProgram('lss'),
  star,
  longnetProgram(),
  apbProgram(),
];

/** @param more programs beside ours; one with the name of ours has its place. */
export function programNamed(name: string, more: readonly SchemeProgram[] = []): SchemeProgram | undefined {
  return [...more, ...programs].find((program) => program.name === name);
}
