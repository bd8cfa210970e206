import { crashWord } from '../../../adapters/kernel.js';
import { preview } from '../../../spec/lib/preview.js';
import { bytesOf, type TensorDType, tensorDTypes } from '../../../spec/tensor/dtype.js';
import { sizeOf } from '../../../spec/tensor/tensor.js';
import type { CallSpec } from '../../contract/property.js';
import { DataFile } from './data-file.js';
import type { FrameData } from './frames.js';
import {
  type CallFault,
  type CaseReply,
  type ErrorRecord,
  type FromHost,
  faultKinds,
  longest,
  type TensorRecord,
  type TimedCall,
} from './wire.js';

/** Invalid message: a kernel can write to its host's channel. */
export class BrokenMessage extends Error {}

type Fields = Readonly<Record<string, unknown>>;
type Sized = Pick<FrameData, 'length'>;

/** Rebuilds a host's message from its known fields. @throws {BrokenMessage} if it is malformed. */
export function readFromHost(message: unknown, data: FrameData): FromHost {
  const fields = fieldsOf(message, 'a message');
  switch (fields.type) {
    case 'alive':
      return { type: 'alive' };
    case 'closed':
      return { type: 'closed', ...(fields.excused === true && { excused: true }) };
    case 'loaded':
      return { type: 'loaded', adapter: adapterOf(fieldsOf(fields.adapter, 'an adapter')) };
    case 'opened':
      return { type: 'opened', environment: mapped(fields.environment, 'an environment', (value) => textOf(value, 'a version')) };
    case 'unavailable':
      return { type: 'unavailable', reason: textOf(fields.reason, 'a reason'), remedy: textOf(fields.remedy, 'a remedy') };
    case 'failed':
      return { type: 'failed', error: errorOf(fieldsOf(fields.error, 'an error')) };
    case 'crashed':
      return { type: 'crashed', class: crashWord(textOf(fields.class, 'a class')), message: textOf(fields.message, 'a message') };
    case 'prepared':
      return { type: 'prepared', ...(fields.fault !== undefined && { fault: faultOf(fieldsOf(fields.fault, 'a fault')) }) };
    case 'timed': {
      const inMemory = data instanceof DataFile ? data.takeAll() : data;
      return { type: 'timed', timed: timedOf(fieldsOf(fields.timed, 'a timed call'), inMemory), data: inMemory };
    }
    case 'replies': {
      const replies = listOf(fields.replies, 'replies').map((reply) => replyOf(fieldsOf(reply, 'a reply'), data));
      return { type: 'replies', batch: countOf(fields.batch, 'a batch'), replies, data };
    }
    default:
      throw new BrokenMessage(`a message of type ${preview(fields.type)}`);
  }
}

/** True if replies answer the first of these cases, with no extra calls. */
export function areAsked(replies: readonly CaseReply[], cases: readonly (readonly CallSpec[])[]): boolean {
  return (
    replies.length > 0 &&
    replies.length <= cases.length &&
    replies.every(({ calls, fault }, x) => calls.length <= cases[x].length && (fault?.call ?? 0) < cases[x].length)
  );
}

function adapterOf({ id, title, version, capabilities }: Fields) {
  return {
    id: textOf(id, 'an id'),
    title: textOf(title, 'a title'),
    version: version === null ? null : textOf(version, 'a version'),
    capabilities,
  };
}

function errorOf({ name, message, stack, document }: Fields): ErrorRecord {
  const place = document === undefined ? undefined : fieldsOf(document, 'a document');
  return {
    name: textOf(name, 'a name'),
    message: textOf(message, 'a message'),
    ...(stack !== undefined && { stack: textOf(stack, 'a stack') }),
    ...(place && {
      document: {
        document: textOf(place.document, 'a document'),
        path: textOf(place.path, 'a path'),
        problem: textOf(place.problem, 'a problem'),
      },
    }),
  };
}

function replyOf({ calls, fault }: Fields, data: Sized): CaseReply {
  return {
    calls: listOf(calls, 'calls').map((outputs) => outputsOf(outputs, data)),
    ...(fault !== undefined && { fault: faultOf(fieldsOf(fault, 'a fault')) }),
  };
}

function faultOf({ kind, message, stack, call }: Fields): CallFault {
  const known = faultKinds.find((each) => each === kind);
  if (known === undefined) throw new BrokenMessage(`a fault of kind ${preview(kind)}`);
  return {
    kind: known,
    message: textOf(message, 'a message'),
    ...(stack !== undefined && { stack: textOf(stack, 'a stack') }),
    call: countOf(call, 'a call'),
  };
}

function timedOf(fields: Fields, data: Sized): TimedCall | CallFault {
  if (fields.kind !== undefined) return faultOf(fields);
  const { nanoseconds, method, told, ranks, peakBytes, outputs, after } = fields;
  if (method !== 'wall' && method !== 'device') throw new BrokenMessage(`a method ${preview(method)}`);
  const later = after === undefined ? undefined : fieldsOf(after, 'what came after');
  return {
    nanoseconds: numberOf(nanoseconds, 'nanoseconds'),
    method,
    told: told === true,
    peakBytes: numberOf(peakBytes, 'bytes'),
    ...(ranks !== undefined && { ranks: listOf(ranks, 'ranks').map((rank) => numberOf(rank, 'nanoseconds')) }),
    ...(outputs !== undefined && { outputs: outputsOf(outputs, data) }),
    ...(later && {
      after: {
        changed: listOf(later.changed, 'outputs').map((name) => textOf(name, 'an output')),
        busy: numberOf(later.busy, 'a share'),
      },
    }),
  };
}

function outputsOf(value: unknown, data: Sized): Readonly<Record<string, TensorRecord>> {
  return mapped(value, 'outputs', (record) => tensorOf(fieldsOf(record, 'a tensor'), data));
}

function tensorOf({ dtype, shape: sizes, offset: at }: Fields, data: Sized): TensorRecord {
  if (!tensorDTypes.includes(dtype as TensorDType)) throw new BrokenMessage(`a tensor of ${preview(dtype)}`);
  const shape = listOf(sizes, 'a shape').map((size) => countOf(size, 'a size'));
  const offset = countOf(at, 'an offset');
  const bytes = bytesOf(dtype as TensorDType);
  if (offset % bytes !== 0 || offset + sizeOf(shape) * bytes > data.length)
    throw new BrokenMessage(`a tensor of shape [${shape}] at byte ${offset} of ${data.length}`);
  return { dtype: dtype as TensorDType, shape, offset };
}

function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BrokenMessage(`${what} that is ${preview(value)}`);
  return value as Fields;
}

function mapped<T>(value: unknown, what: string, read: (value: unknown) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(fieldsOf(value, what)).map(([key, each]) => [key, read(each)]));
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new BrokenMessage(`${what} that are ${preview(value)}`);
  return value;
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new BrokenMessage(`${what} that is ${preview(value)}`);
  return value.slice(0, longest);
}

function numberOf(value: unknown, what: string): number {
  if (typeof value !== 'number') throw new BrokenMessage(`${what} that are ${preview(value)}`);
  return value;
}

function countOf(value: unknown, what: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new BrokenMessage(`${what} that is ${preview(value)}`);
  return value as number;
}
