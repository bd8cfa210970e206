import { decodeSafetensors, encodeSafetensors } from '../../../../spec/tensor/safetensors.js';
import { type Tensors, tensor } from '../../../../spec/tensor/tensor.js';
import type { Case } from '../../../../spec/types/documents.js';
import type { Call } from '../../../kernel.js';
import type { RankReport, RankSetup } from '../transport.js';
import type { WireMessage } from '../wire-endpoint.js';

// Data between processes are safetensors; their metadata describe the contents.

export function encodeMessage({ channel, sequence, tensors }: WireMessage): Uint8Array {
  return encodeSafetensors(Object.fromEntries(tensors.map((t, x) => [x, t])), { channel, sequence: String(sequence) });
}

/** @throws {SafetensorsError} if the bytes are not safetensors. */
export function decodeMessage(bytes: Uint8Array): WireMessage {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const count = Object.keys(tensors).length;
  return {
    channel: metadata.channel,
    sequence: Number(metadata.sequence),
    tensors: Array.from({ length: count }, (_, x) => tensors[x]),
  };
}

/** Command of rank 0 to all ranks: open a setup, run a pass of a call, or leave. */
export interface Command {
  readonly setup?: RankSetup;
  readonly job?: { readonly call: Call; readonly backward: boolean };
}

export function encodeCommand({ setup, job }: Command): Uint8Array {
  const texts = {
    ...(setup && { setup: JSON.stringify(setup) }),
    ...(job && { job: JSON.stringify({ case: job.call.case, backward: job.backward }) }),
  };
  return encodeSafetensors(job?.call.tensors ?? {}, texts);
}

export function decodeCommand(bytes: Uint8Array): Command {
  const { tensors, metadata } = decodeSafetensors(bytes);
  if (metadata.setup !== undefined) return { setup: JSON.parse(metadata.setup) as RankSetup };
  if (metadata.job === undefined) return {};
  const { case: c, backward } = JSON.parse(metadata.job) as { case: Case; backward: boolean };
  return { job: { call: { case: c, tensors }, backward } };
}

export function encodeReports(reports: readonly RankReport[]): Uint8Array {
  const tensors: Tensors = {};
  reports.forEach(({ result: { o, lse, parts, area, gradients }, sent, received, messages, nanoseconds }, rank) => {
    const { parts: gradientParts, ...plain } = gradients ?? {};
    const values = {
      o,
      lse,
      ...plain,
      ...prefixed('output', parts),
      ...prefixed('gradient', gradientParts),
      sent,
      received,
      area: Float64Array.of(area),
      messages: Float64Array.of(messages),
      nanoseconds: Float64Array.of(nanoseconds),
    };
    for (const [name, data] of Object.entries(values)) if (data) tensors[`${rank}/${name}`] = tensor('f64', [data.length], data);
  });
  return encodeSafetensors(tensors);
}

/** Decodes the reports, in rank order. */
export function decodeReports(bytes: Uint8Array): RankReport[] {
  const { tensors } = decodeSafetensors(bytes);
  const ranks = Object.keys(tensors).filter((name) => name.endsWith('/area')).length;
  return Array.from({ length: ranks }, (_, rank) => {
    const of = (name: string) => tensors[`${rank}/${name}`]?.data as Float64Array;
    const [dq, dk, dv, dsink] = [of('dq'), of('dk'), of('dv'), of('dsink')];
    const named = (kind: string) => {
      const prefix = `${rank}/${kind}/`;
      const found = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
      return found.map(([name, t]) => [name.slice(prefix.length), t.data as Float64Array] as const);
    };
    const [parts, gradientParts] = ['output', 'gradient'].map(named);
    const gradients = dq && {
      dq,
      dk,
      dv,
      ...(dsink && { dsink }),
      ...(gradientParts.length > 0 && { parts: Object.fromEntries(gradientParts) }),
    };
    const result = {
      o: of('o'),
      lse: of('lse'),
      area: of('area')[0],
      ...(parts.length > 0 && { parts: Object.fromEntries(parts) }),
      ...(gradients && { gradients }),
    };
    return { result, sent: of('sent'), received: of('received'), messages: of('messages')[0], nanoseconds: of('nanoseconds')[0] };
  });
}

function prefixed(kind: string, parts: Readonly<Record<string, Float64Array>> = {}): Record<string, Float64Array> {
  return Object.fromEntries(Object.entries(parts).map(([name, data]) => [`${kind}/${name}`, data]));
}
