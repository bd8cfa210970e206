import type { DType, TensorDType } from '../../../spec/tensor/dtype.js';
import type { Operator } from '../../../spec/types/documents.js';
import { declaredDType, tensorNames } from '../manifest/tensors.js';

/*
 * Values that an argument can stand for:
 *
 *   tensors   inputs of a case: q k v mask bias alibi sink document lengths blocks blockEdges cu_q cu_k, q_scale k_scale v_scale;
 *             for the backward pass also do dlse o lse. Outputs: o lse, for the backward pass dq dk dv dsink dbias dalibi.
 *             And by the names of the claimed operators' documents their inputs, outputs, cotangents and gradients, d and a name:
 *             a boolean is uint8_t, an index int32_t, what is stored in f32 float, all else the case's type.
 *             NULL if a call lacks the tensor.
 *             Tensors of a paged call: q k_new v_new block_table cache_lengths alibi sink and k_pages v_pages, which are outputs
 *             too if they are not const: then they hold the cache when the function is called, and are written in place
 *   X_strides four strides (three for lse, dlse) of the tensor X, in elements: int64_t or int32_t; over b h l d whatever the layout,
 *             or over the axes of its document; 0 if an axis has size 1. NULL if a call lacks the tensor
 *   X_shape   sizes of the tensor X, in the same order
 *   numbers   names listed in ../manifest/names.ts, and expressions of them
 */

const main = ['q', 'k', 'v'];
const cotangents = ['do', 'dlse'];
const forwardOutputs = ['o', 'lse'];
/** Tensors of a paged cache: its keys and values, its tables, and the tokens that are appended to it. */
const pages = ['k_pages', 'v_pages'];
const pageTables = ['block_table', 'cache_lengths'];
const appended = ['k_new', 'v_new'];
const tables = ['document', 'lengths', 'blocks', 'blockEdges', 'cu_q', 'cu_k'];
const scales = ['q_scale', 'k_scale', 'v_scale'];

export type PassName = 'forward' | 'backward' | 'paged';

/** Returns the names of the tensors that a pass reads. */
export function inputNames(pass: PassName, operators: readonly Operator[]): readonly string[] {
  if (pass === 'paged') return ['q', ...appended, ...pages, ...pageTables, 'alibi', 'sink'];
  const own = tensorNames(operators);
  const forward = [...main, 'mask', 'bias', 'alibi', 'sink', ...tables, ...scales, ...own.inputs];
  return pass === 'forward' ? forward : [...forward, ...cotangents, ...own.cotangents, ...forwardOutputs, ...own.outputs];
}

/** Returns the names of the tensors that a pass writes. */
export function outputNames(pass: PassName, operators: readonly Operator[]): readonly string[] {
  if (pass === 'paged') return [...forwardOutputs, ...pages];
  const own = tensorNames(operators);
  if (pass === 'forward') return [...forwardOutputs, ...own.outputs];
  return ['dq', 'dk', 'dv', 'dsink', 'dbias', 'dalibi', ...own.gradients];
}

/** Returns the element type of a tensor of an operator in a case of the dtype (CONTRACTS: tensors). */
export function dtypeOf(name: string, dtype: DType, operator?: Operator): TensorDType {
  const declared = declaredDType(operator, name, dtype);
  if (declared) return declared;
  if (name === 'mask' || name === 'blocks') return 'bool';
  if (tables.includes(name) || pageTables.includes(name)) return 'i32';
  if (name === 'lse' || name === 'dlse') return dtype === 'f64' ? 'f64' : 'f32';
  const narrow = dtype === 'f8e4m3' || dtype === 'f8e5m2';
  return scales.includes(name) || (narrow && !main.includes(name)) ? 'f32' : dtype;
}

/** Returns the tensor whose strides or shape the name stands for, or undefined if it stands for neither. */
export function metadataOf(
  name: string,
  pass: PassName,
  operators: readonly Operator[],
): { readonly tensor: string; readonly what: 'strides' | 'shape' } | undefined {
  const [, tensor, what] = /^(\w+)_(strides|shape)$/.exec(name) ?? [];
  if (tensor === undefined || ![...inputNames(pass, operators), ...outputNames(pass, operators)].includes(tensor)) return undefined;
  return { tensor, what: what as 'strides' | 'shape' };
}
