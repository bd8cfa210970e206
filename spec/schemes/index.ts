// Generated from spec/schemes by `npm run generate`. Do not edit.
import type { Scheme } from '../types/documents.js';
import allGatherDocument from './all-gather.json' with { type: 'json' };
import allGatherZigzagDocument from './all-gather-zigzag.json' with { type: 'json' };
import apbDocument from './apb.json' with { type: 'json' };
import distAttentionDocument from './dist-attention.json' with { type: 'json' };
import doubleRingDocument from './double-ring.json' with { type: 'json' };
import doubleRingContextDocument from './double-ring-context.json' with { type: 'json' };
import hybridDocument from './hybrid.json' with { type: 'json' };
import laspDocument from './lasp.json' with { type: 'json' };
import lasp2Document from './lasp-2.json' with { type: 'json' };
import lasp2hDocument from './lasp-2h.json' with { type: 'json' };
import lightseqDocument from './lightseq.json' with { type: 'json' };
import longnetDocument from './longnet.json' with { type: 'json' };
import lssDocument from './lss.json' with { type: 'json' };
import magiDocument from './magi.json' with { type: 'json' };
import openSegmentPassingDocument from './open-segment-passing.json' with { type: 'json' };
import ringDocument from './ring.json' with { type: 'json' };
import ringJointDocument from './ring-joint.json' with { type: 'json' };
import ringStripedDocument from './ring-striped.json' with { type: 'json' };
import ringZigzagDocument from './ring-zigzag.json' with { type: 'json' };
import ringZigzagDocumentDocument from './ring-zigzag-document.json' with { type: 'json' };
import starDocument from './star.json' with { type: 'json' };
import stateGatherDocument from './state-gather.json' with { type: 'json' };
import statePassingDocument from './state-passing.json' with { type: 'json' };
import treeDecodeDocument from './tree-decode.json' with { type: 'json' };
import ulyssesDocument from './ulysses.json' with { type: 'json' };
import ulyssesJointDocument from './ulysses-joint.json' with { type: 'json' };
import uspDocument from './usp.json' with { type: 'json' };
import zeppelinDocument from './zeppelin.json' with { type: 'json' };

/** The documents of this folder, by file name. Tests hold each to its schema and its meaning. */
export const schemeDocuments = [
  allGatherZigzagDocument,
  allGatherDocument,
  apbDocument,
  distAttentionDocument,
  doubleRingContextDocument,
  doubleRingDocument,
  hybridDocument,
  lasp2Document,
  lasp2hDocument,
  laspDocument,
  lightseqDocument,
  longnetDocument,
  lssDocument,
  magiDocument,
  openSegmentPassingDocument,
  ringJointDocument,
  ringStripedDocument,
  ringZigzagDocumentDocument,
  ringZigzagDocument,
  ringDocument,
  starDocument,
  stateGatherDocument,
  statePassingDocument,
  treeDecodeDocument,
  ulyssesJointDocument,
  ulyssesDocument,
  uspDocument,
  zeppelinDocument,
] as unknown as readonly Scheme[];
