import type { DType, TensorDType } from '../../../spec/tensor/dtype.js';
import type { Operator } from '../../../spec/types/documents.js';
import { declaredDType, tensorNames } from '../manifest/tensors.js';

/*
 * Values that an argument can stand for:
 *
 *   tensors   inputs: q k v mask bias alibi sink document lengths blocks blockEdges cu_q cu_k
 *             q_scale k_scale v_scale; for the backward pass also do dlse o lse.
 *             Outputs: o lse; of the backward pass dq dk dv dsink dbias dalibi.
 *             Also inputs, outputs, cotangents and gradients of claimed operators: uint8_t for a
 *             boolean, int32_t for an index, float if stored in f32, else the case's type.
 *             Paged calls: q k_new v_new block_table cache_lengths alibi sink k_pages v_pages;
 *             non-const pages are also outputs: they hold the cache and are written in place.
 *             NULL if a call lacks the tensor.
 *   X_strides four strides (three for lse, dlse) of X in elements, int64_t or int32_t, over b h l d
 *             or the axes of its document; 0 along axes of size 1. NULL if a call lacks the tensor.
 *   X_shape   sizes of X, in the same order
 *   numbers   names listed in ../manifest/names.ts, and expressions of them
 */

const main = ['q', 'k', 'v'];
const cotangents = ['do', 'dlse'];
const forwardOutputs = ['o', 'lse'];
const pages = ['k_pages', 'v_pages'];
const pageTables = ['block_table', 'cache_lengths'];
const appended = ['k_new', 'v_new'];
const tables = ['document', 'lengths', 'blocks', 'blockEdges', 'cu_q', 'cu_k'];
const scales = ['q_scale', 'k_scale', 'v_scale'];

export type PassName = 'forward' | 'backward' | 'paged';

export function inputNames(pass: PassName, operators: readonly Operator[]): readonly string[] {
  if (pass === 'paged') return ['q', ...appended, ...pages, ...pageTables, 'alibi', 'sink'];
  const own = tensorNames(operators);
  const forward = [...main, 'mask', 'bias', 'alibi', 'sink', ...tables, ...scales, ...own.inputs];
  return pass === 'forward' ? forward : [...forward, ...cotangents, ...own.cotangents, ...forwardOutputs, ...own.outputs];
}

export function outputNames(pass: PassName, operators: readonly Operator[]): readonly string[] {
  if (pass === 'paged') return [...forwardOutputs, ...pages];
  const own = tensorNames(operators);
  if (pass === 'forward') return [...forwardOutputs, ...own.outputs];
  return ['dq', 'dk', 'dv', 'dsink', 'dbias', 'dalibi', ...own.gradients];
}

/** Returns the dtype of a tensor of an operator in a case (CONTRACTS: tensors). */
export function dtypeOf(name: string, dtype: DType, operator?: Operator): TensorDType {
  const declared = declaredDType(operator, name, dtype);
  if (declared) return declared;
  if (name === 'mask' || name === 'blocks') return 'bool';
  if (tables.includes(name) || pageTables.includes(name)) return 'i32';
  if (name === 'lse' || name === 'dlse') return dtype === 'f64' ? 'f64' : 'f32';
  const narrow = dtype === 'f8e4m3' || dtype === 'f8e5m2';
  return scales.includes(name) || (narrow && !main.includes(name)) ? 'f32' : dtype;
}

/** Splits `X_strides` or `X_shape`; returns undefined for other names. */
export function metadataOf(
  name: string,
  pass: PassName,
  operators: readonly Operator[],
): { readonly tensor: string; readonly what: 'strides' | 'shape' } | undefined {
  const [, tensor, what] = /^(\w+)_(strides|shape)$/.exec(name) ?? [];
  if (tensor === undefined || ![...inputNames(pass, operators), ...outputNames(pass, operators)].includes(tensor)) return undefined;
  return { tensor, what: what as 'strides' | 'shape' };
}
