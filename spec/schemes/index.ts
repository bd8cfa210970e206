import type { Scheme } from '../types/documents.js';
import allGather from './all-gather.json' with { type: 'json' };
import allGatherZigzag from './all-gather-zigzag.json' with { type: 'json' };
import apb from './apb.json' with { type: 'json' };
import distAttention from './dist-attention.json' with { type: 'json' };
import doubleRing from './double-ring.json' with { type: 'json' };
import doubleRingContext from './double-ring-context.json' with { type: 'json' };
import hybrid from './hybrid.json' with { type: 'json' };
import lasp from './lasp.json' with { type: 'json' };
import lasp2 from './lasp-2.json' with { type: 'json' };
import lasp2h from './lasp-2h.json' with { type: 'json' };
import lightseq from './lightseq.json' with { type: 'json' };
import longnet from './longnet.json' with { type: 'json' };
import lss from './lss.json' with { type: 'json' };
import magi from './magi.json' with { type: 'json' };
import ring from './ring.json' with { type: 'json' };
import ringStriped from './ring-striped.json' with { type: 'json' };
import ringZigzag from './ring-zigzag.json' with { type: 'json' };
import star from './star.json' with { type: 'json' };
import treeDecode from './tree-decode.json' with { type: 'json' };
import ulysses from './ulysses.json' with { type: 'json' };
import usp from './usp.json' with { type: 'json' };
import zeppelin from './zeppelin.json' with { type: 'json' };

export const schemeDocuments = [
  ring,
  ringZigzag,
  ringStriped,
  ulysses,
  allGather,
  allGatherZigzag,
  usp,
  doubleRing,
  doubleRingContext,
  magi,
  lightseq,
  treeDecode,
  distAttention,
  lasp,
  lasp2,
  lasp2h,
  hybrid,
  zeppelin,
  lss,
  star,
  longnet,
  apb,
] as unknown as readonly Scheme[];
