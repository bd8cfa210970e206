// Generated from adapters/parallel/programs by `npm run generate`. Do not edit.
import type { SchemeProgram } from '../program.js';
import { programs as allGather } from './all-gather.js';
import { programs as apb } from './apb.js';
import { programs as distAttention } from './dist-attention.js';
import { programs as hybrid } from './hybrid.js';
import { programs as lasp } from './lasp.js';
import { programs as lasp2 } from './lasp-2.js';
import { programs as lasp2h } from './lasp-2h.js';
import { programs as lightseq } from './lightseq.js';
import { programs as longnet } from './longnet.js';
import { programs as magi } from './magi.js';
import { programs as openSegmentPassing } from './open-segment-passing.js';
import { programs as ring } from './ring.js';
import { programs as ringDocuments } from './ring-documents.js';
import { programs as ringJoint } from './ring-joint.js';
import { programs as star } from './star.js';
import { programs as stateGather } from './state-gather.js';
import { programs as statePassing } from './state-passing.js';
import { programs as treeDecode } from './tree-decode.js';
import { programs as ulysses } from './ulysses.js';
import { programs as ulyssesJoint } from './ulysses-joint.js';
import { programs as zeppelin } from './zeppelin.js';

/** The program of every scheme. */
export const schemePrograms: readonly SchemeProgram[] = [
  ...allGather,
  ...apb,
  ...distAttention,
  ...hybrid,
  ...lasp2,
  ...lasp2h,
  ...lasp,
  ...lightseq,
  ...longnet,
  ...magi,
  ...openSegmentPassing,
  ...ringDocuments,
  ...ringJoint,
  ...ring,
  ...star,
  ...stateGather,
  ...statePassing,
  ...treeDecode,
  ...ulyssesJoint,
  ...ulysses,
  ...zeppelin,
];
