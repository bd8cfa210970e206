// Generated from spec/operators by `npm run generate`. Do not edit.
import type { Operator } from '../types/documents.js';
import fp8CacheDocument from './cache/fp8-cache.json' with { type: 'json' };
import fp8CacheByTensorDocument from './cache/fp8-cache-by-tensor.json' with { type: 'json' };
import fp8CacheE5m2Document from './cache/fp8-cache-e5m2.json' with { type: 'json' };
import fp8WriteDocument from './cache/fp8-write.json' with { type: 'json' };
import fp8WriteNanDocument from './cache/fp8-write-nan.json' with { type: 'json' };
import logquantDocument from './cache/logquant.json' with { type: 'json' };
import mlaDocument from './cache/mla.json' with { type: 'json' };
import mlaAbsorbedDocument from './cache/mla-absorbed.json' with { type: 'json' };
import mlaFp8Document from './cache/mla-fp8.json' with { type: 'json' };
import mlaFp8WholeRowDocument from './cache/mla-fp8-whole-row.json' with { type: 'json' };
import mlaRopeDocument from './cache/mla-rope.json' with { type: 'json' };
import mxfp8CacheDocument from './cache/mxfp8-cache.json' with { type: 'json' };
import mxfp8WriteCeilDocument from './cache/mxfp8-write-ceil.json' with { type: 'json' };
import mxfp8WriteFloorDocument from './cache/mxfp8-write-floor.json' with { type: 'json' };
import nvfp4CacheDocument from './cache/nvfp4-cache.json' with { type: 'json' };
import nvfp4CacheSwizzledDocument from './cache/nvfp4-cache-swizzled.json' with { type: 'json' };
import nvfp4WriteDocument from './cache/nvfp4-write.json' with { type: 'json' };
import nvfp4WriteTeDocument from './cache/nvfp4-write-te.json' with { type: 'json' };
import q40CacheDocument from './cache/q4-0-cache.json' with { type: 'json' };
import q40WriteDocument from './cache/q4-0-write.json' with { type: 'json' };
import q80CacheDocument from './cache/q8-0-cache.json' with { type: 'json' };
import q80WriteDocument from './cache/q8-0-write.json' with { type: 'json' };
import q80WriteX86Document from './cache/q8-0-write-x86.json' with { type: 'json' };
import scaledCacheByHeadDocument from './cache/scaled-cache-by-head.json' with { type: 'json' };
import scaledCacheByTokenDocument from './cache/scaled-cache-by-token.json' with { type: 'json' };
import scaledCacheByTokenAndHeadDocument from './cache/scaled-cache-by-token-and-head.json' with { type: 'json' };
import efficientHeadsDocument from './heads/efficient-heads.json' with { type: 'json' };
import efficientProbingDocument from './heads/efficient-probing.json' with { type: 'json' };
import gatedHeadsDocument from './heads/gated-heads.json' with { type: 'json' };
import keyDrivenGqaDocument from './heads/key-driven-gqa.json' with { type: 'json' };
import mfaDocument from './heads/mfa.json' with { type: 'json' };
import mfaRopeDocument from './heads/mfa-rope.json' with { type: 'json' };
import mheAdditiveDocument from './heads/mhe-additive.json' with { type: 'json' };
import mheMultiplicativeDocument from './heads/mhe-multiplicative.json' with { type: 'json' };
import mohDocument from './heads/moh.json' with { type: 'json' };
import optimisedAttentionDocument from './heads/optimised-attention.json' with { type: 'json' };
import shaRnnDocument from './heads/sha-rnn.json' with { type: 'json' };
import sharedAttentionDocument from './heads/shared-attention.json' with { type: 'json' };
import superAttentionDocument from './heads/super-attention.json' with { type: 'json' };
import talkingHeadsDocument from './heads/talking-heads.json' with { type: 'json' };
import abcDocument from './linear/abc.json' with { type: 'json' };
import abcCabDocument from './linear/abc-cab.json' with { type: 'json' };
import agentDocument from './linear/agent.json' with { type: 'json' };
import armtDocument from './linear/armt.json' with { type: 'json' };
import cosformerDocument from './linear/cosformer.json' with { type: 'json' };
import deltaDocument from './linear/delta.json' with { type: 'json' };
import diagAttentionDocument from './linear/diag-attention.json' with { type: 'json' };
import efficientDocument from './linear/efficient.json' with { type: 'json' };
import fastmax1Document from './linear/fastmax-1.json' with { type: 'json' };
import fastmax2Document from './linear/fastmax-2.json' with { type: 'json' };
import gatedDeltaDocument from './linear/gated-delta.json' with { type: 'json' };
import gdn2Document from './linear/gdn-2.json' with { type: 'json' };
import gdnPackedDocument from './linear/gdn-packed.json' with { type: 'json' };
import gdnPackedGroupedQueriesDocument from './linear/gdn-packed-grouped-queries.json' with { type: 'json' };
import gdnRawGatesDocument from './linear/gdn-raw-gates.json' with { type: 'json' };
import glaDocument from './linear/gla.json' with { type: 'json' };
import kdaDocument from './linear/kda.json' with { type: 'json' };
import kdaPackedDocument from './linear/kda-packed.json' with { type: 'json' };
import kdaRawGatesDocument from './linear/kda-raw-gates.json' with { type: 'json' };
import laraDocument from './linear/lara.json' with { type: 'json' };
import linearDocument from './linear/linear.json' with { type: 'json' };
import linearCausalDocument from './linear/linear-causal.json' with { type: 'json' };
import linearDecayDocument from './linear/linear-decay.json' with { type: 'json' };
import linearSoftmaxDocument from './linear/linear-softmax.json' with { type: 'json' };
import linformerDocument from './linear/linformer.json' with { type: 'json' };
import llnDocument from './linear/lln.json' with { type: 'json' };
import mamba2Document from './linear/mamba-2.json' with { type: 'json' };
import molformerDocument from './linear/molformer.json' with { type: 'json' };
import normAttentionDocument from './linear/norm-attention.json' with { type: 'json' };
import nystromDocument from './linear/nystrom.json' with { type: 'json' };
import performerDocument from './linear/performer.json' with { type: 'json' };
import retentionDocument from './linear/retention.json' with { type: 'json' };
import rgLruDocument from './linear/rg-lru.json' with { type: 'json' };
import rwkv7Document from './linear/rwkv-7.json' with { type: 'json' };
import simpleGlaDocument from './linear/simple-gla.json' with { type: 'json' };
import transnormerDiagDocument from './linear/transnormer-diag.json' with { type: 'json' };
import transnormerNormDocument from './linear/transnormer-norm.json' with { type: 'json' };
import updateRulesDocument from './linear/update-rules.json' with { type: 'json' };
import updateRulesByChannelDocument from './linear/update-rules-by-channel.json' with { type: 'json' };
import attentionInAttentionDocument from './mixers/attention-in-attention.json' with { type: 'json' };
import contextBroadcastingDocument from './mixers/context-broadcasting.json' with { type: 'json' };
import ffnifiedDocument from './mixers/ffnified.json' with { type: 'json' };
import megaDocument from './mixers/mega.json' with { type: 'json' };
import regroundDocument from './mixers/reground.json' with { type: 'json' };
import yuanLfaDocument from './mixers/yuan-lfa.json' with { type: 'json' };
import positionalAttentionDocument from './positions/positional-attention.json' with { type: 'json' };
import stringRopeDocument from './positions/string-rope.json' with { type: 'json' };
import actDocument from './scores/act.json' with { type: 'json' };
import adaptiveFilterDocument from './scores/adaptive-filter.json' with { type: 'json' };
import bidafDocument from './scores/bidaf.json' with { type: 'json' };
import dynamicConvolutionDocument from './scores/dynamic-convolution.json' with { type: 'json' };
import gmmDocument from './scores/gmm.json' with { type: 'json' };
import laplaceDocument from './scores/laplace.json' with { type: 'json' };
import multiTokenDocument from './scores/multi-token.json' with { type: 'json' };
import neuralAttentionDocument from './scores/neural-attention.json' with { type: 'json' };
import polynomialDocument from './scores/polynomial.json' with { type: 'json' };
import relationalDocument from './scores/relational.json' with { type: 'json' };
import reluAttentionDocument from './scores/relu-attention.json' with { type: 'json' };
import sigmoidDocument from './scores/sigmoid.json' with { type: 'json' };
import slotDocument from './scores/slot.json' with { type: 'json' };
import slotIterationsDocument from './scores/slot-iterations.json' with { type: 'json' };
import softpagDocument from './scores/softpag.json' with { type: 'json' };
import squaredReluDocument from './scores/squared-relu.json' with { type: 'json' };
import swatDocument from './scores/swat.json' with { type: 'json' };
import varDocument from './scores/var.json' with { type: 'json' };
import differentialDocument from './softmax/differential.json' with { type: 'json' };
import dropoutDocument from './softmax/dropout.json' with { type: 'json' };
import gatedOutputDocument from './softmax/gated-output.json' with { type: 'json' };
import gatedOutputByHeadDocument from './softmax/gated-output-by-head.json' with { type: 'json' };
import qkNormDocument from './softmax/qk-norm.json' with { type: 'json' };
import qkRmsNormDocument from './softmax/qk-rms-norm.json' with { type: 'json' };
import softmaxDocument from './softmax/softmax.json' with { type: 'json' };
import treeAttentionDocument from './softmax/tree-attention.json' with { type: 'json' };
import treeParentsDocument from './softmax/tree-parents.json' with { type: 'json' };
import allToKeyDocument from './sparse/all-to-key.json' with { type: 'json' };
import apbDocument from './sparse/apb.json' with { type: 'json' };
import blockListsDocument from './sparse/block-lists.json' with { type: 'json' };
import deformableDocument from './sparse/deformable.json' with { type: 'json' };
import deltaAttentionDocument from './sparse/delta-attention.json' with { type: 'json' };
import dilatedDocument from './sparse/dilated.json' with { type: 'json' };
import dmaDocument from './sparse/dma.json' with { type: 'json' };
import gatheredDocument from './sparse/gathered.json' with { type: 'json' };
import kineticsDocument from './sparse/kinetics.json' with { type: 'json' };
import lessIsMoreDocument from './sparse/less-is-more.json' with { type: 'json' };
import lightningIndexerDocument from './sparse/lightning-indexer.json' with { type: 'json' };
import longShortDocument from './sparse/long-short.json' with { type: 'json' };
import mobaDocument from './sparse/moba.json' with { type: 'json' };
import mosaDocument from './sparse/mosa.json' with { type: 'json' };
import nsaDocument from './sparse/nsa.json' with { type: 'json' };
import nsaSelectionDocument from './sparse/nsa-selection.json' with { type: 'json' };
import probSparseDocument from './sparse/prob-sparse.json' with { type: 'json' };
import spargeDocument from './sparse/sparge.json' with { type: 'json' };
import sparsedDocument from './sparse/sparsed.json' with { type: 'json' };
import videoInfinityDocument from './sparse/video-infinity.json' with { type: 'json' };
import cosineAttentionDocument from './variants/cosine-attention.json' with { type: 'json' };
import fixedWeightsDocument from './variants/fixed-weights.json' with { type: 'json' };
import rolloutDocument from './variants/rollout.json' with { type: 'json' };
import staticAttentionDocument from './variants/static-attention.json' with { type: 'json' };
import uniformCausalDocument from './variants/uniform-causal.json' with { type: 'json' };
import weightDistancesDocument from './variants/weight-distances.json' with { type: 'json' };

/** The documents of this folder, by file name. Tests hold each to its schema and its meaning. */
export const operatorDocuments = [
  fp8CacheByTensorDocument,
  fp8CacheE5m2Document,
  fp8CacheDocument,
  fp8WriteNanDocument,
  fp8WriteDocument,
  logquantDocument,
  mlaAbsorbedDocument,
  mlaFp8WholeRowDocument,
  mlaFp8Document,
  mlaRopeDocument,
  mlaDocument,
  mxfp8CacheDocument,
  mxfp8WriteCeilDocument,
  mxfp8WriteFloorDocument,
  nvfp4CacheSwizzledDocument,
  nvfp4CacheDocument,
  nvfp4WriteTeDocument,
  nvfp4WriteDocument,
  q40CacheDocument,
  q40WriteDocument,
  q80CacheDocument,
  q80WriteX86Document,
  q80WriteDocument,
  scaledCacheByHeadDocument,
  scaledCacheByTokenAndHeadDocument,
  scaledCacheByTokenDocument,
  efficientHeadsDocument,
  efficientProbingDocument,
  gatedHeadsDocument,
  keyDrivenGqaDocument,
  mfaRopeDocument,
  mfaDocument,
  mheAdditiveDocument,
  mheMultiplicativeDocument,
  mohDocument,
  optimisedAttentionDocument,
  shaRnnDocument,
  sharedAttentionDocument,
  superAttentionDocument,
  talkingHeadsDocument,
  abcCabDocument,
  abcDocument,
  agentDocument,
  armtDocument,
  cosformerDocument,
  deltaDocument,
  diagAttentionDocument,
  efficientDocument,
  fastmax1Document,
  fastmax2Document,
  gatedDeltaDocument,
  gdn2Document,
  gdnPackedGroupedQueriesDocument,
  gdnPackedDocument,
  gdnRawGatesDocument,
  glaDocument,
  kdaPackedDocument,
  kdaRawGatesDocument,
  kdaDocument,
  laraDocument,
  linearCausalDocument,
  linearDecayDocument,
  linearSoftmaxDocument,
  linearDocument,
  linformerDocument,
  llnDocument,
  mamba2Document,
  molformerDocument,
  normAttentionDocument,
  nystromDocument,
  performerDocument,
  retentionDocument,
  rgLruDocument,
  rwkv7Document,
  simpleGlaDocument,
  transnormerDiagDocument,
  transnormerNormDocument,
  updateRulesByChannelDocument,
  updateRulesDocument,
  attentionInAttentionDocument,
  contextBroadcastingDocument,
  ffnifiedDocument,
  megaDocument,
  regroundDocument,
  yuanLfaDocument,
  positionalAttentionDocument,
  stringRopeDocument,
  actDocument,
  adaptiveFilterDocument,
  bidafDocument,
  dynamicConvolutionDocument,
  gmmDocument,
  laplaceDocument,
  multiTokenDocument,
  neuralAttentionDocument,
  polynomialDocument,
  relationalDocument,
  reluAttentionDocument,
  sigmoidDocument,
  slotIterationsDocument,
  slotDocument,
  softpagDocument,
  squaredReluDocument,
  swatDocument,
  varDocument,
  differentialDocument,
  dropoutDocument,
  gatedOutputByHeadDocument,
  gatedOutputDocument,
  qkNormDocument,
  qkRmsNormDocument,
  softmaxDocument,
  treeAttentionDocument,
  treeParentsDocument,
  allToKeyDocument,
  apbDocument,
  blockListsDocument,
  deformableDocument,
  deltaAttentionDocument,
  dilatedDocument,
  dmaDocument,
  gatheredDocument,
  kineticsDocument,
  lessIsMoreDocument,
  lightningIndexerDocument,
  longShortDocument,
  mobaDocument,
  mosaDocument,
  nsaSelectionDocument,
  nsaDocument,
  probSparseDocument,
  spargeDocument,
  sparsedDocument,
  videoInfinityDocument,
  cosineAttentionDocument,
  fixedWeightsDocument,
  rolloutDocument,
  staticAttentionDocument,
  uniformCausalDocument,
  weightDistancesDocument,
] as unknown as readonly Operator[];
