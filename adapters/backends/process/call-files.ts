import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readSafetensors, SafetensorsError, safetensorsParts } from '../../../spec/tensor/safetensors.js';
import { isContiguous, sizeOf, type Tensor, type Tensors, tensor } from '../../../spec/tensor/tensor.js';
import type { Case, Operator, ProcessView } from '../../../spec/types/documents.js';
import { type Call, Crashed, Intruded, OutOfMemory } from '../../kernel.js';
import type { PrivateFolder } from '../../system/private-folder.js';
import { firstDifference, openRegular, readRange, writeNew } from './files.js';

const slack = 1 << 20;
/** Maximum size of an output file: `slack` bytes plus `excess` times the call's tensors. */
const excess = 16;

/** Files of one call. */
export class CallFiles {
  readonly inputs: string;
  readonly outputs: string;
  /** Shape, strides and offset of each input that is not contiguous. */
  readonly views: Readonly<Record<string, ProcessView>> | undefined;
  private readonly parts: readonly Uint8Array[];
  private readonly largest: number;
  private readonly ofRanks = new Set<string>();

  /** Writes the inputs. @throws {OutOfMemory} if the folder lacks room for inputs and outputs. */
  constructor(folder: PrivateFolder, seq: number, { case: c, tensors }: Call, operator?: Operator) {
    this.inputs = join(folder.path, `${seq}.inputs.safetensors`);
    this.outputs = join(folder.path, `${seq}.outputs.safetensors`);
    const { flat, views } = flatten(tensors);
    this.views = views;
    this.parts = safetensorsParts(flat);
    const needed = this.parts.reduce((sum, { length }) => sum + length, outputBytes(c, operator));
    this.largest = slack + excess * needed;
    const free = folder.free();
    if (free < needed) throw noRoom(folder.path, `${needed} bytes are needed, but only ${free} are free`);
    try {
      writeNew(this.inputs, this.parts);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw noRoom(folder.path, (error as Error).message);
      throw error;
    }
  }

  /** Reads a rank's outputs from a file beside the call's files. @throws {Crashed} */
  readRank(path: string, rank: number): Tensors {
    if (dirname(path) !== dirname(this.outputs) || path === this.inputs) {
      const problem = `named ${path} as the outputs of rank ${rank}, which must be a separate file in the folder of ${this.outputs}`;
      throw new Crashed('protocol', `broke the protocol: it ${problem}`);
    }
    this.ofRanks.add(path);
    return this.read(path, `its output file of rank ${rank}`);
  }

  /** Reads the outputs, not following links. @throws {Crashed} for missing or invalid files. */
  readOutputs(): Tensors {
    return this.read(this.outputs, 'its output file');
  }

  private read(path: string, what: string): Tensors {
    const broken = (problem: string) => new Crashed('protocol', `broke the protocol: it answered ok, and ${what} ${problem}`);
    try {
      const file = openRegular(path, (fd, size) => {
        if (size > this.largest) throw broken(`has ${size} bytes, but the case allows at most ${this.largest}`);
        return readSafetensors(size, (begin, end) => readRange(fd, begin, end));
      });
      if (typeof file === 'string') throw broken(file);
      return file.tensors;
    } catch (error) {
      if (error instanceof SafetensorsError) throw broken(`is not a safetensors file: ${error.message}`);
      throw error;
    }
  }

  /** @throws {Intruded} if the call changed or removed the file of its inputs. */
  checkInputs(): void {
    const at = openRegular(this.inputs, (fd, size) => firstDifference(fd, size, this.parts));
    if (typeof at === 'string')
      throw new Intruded('mutated-input', `the kernel removed or replaced the file of its inputs: the file ${at}`);
    if (at >= 0) throw new Intruded('mutated-input', `the kernel wrote into the file of its inputs, ${this.place(at)}`);
  }

  remove(): void {
    for (const path of [this.inputs, this.outputs, ...this.ofRanks]) rmSync(path, { force: true, recursive: true });
  }

  private place(at: number): string {
    const [head, ...data] = this.parts;
    const start = head.length;
    const end = data.reduce((sum, { length }) => sum + length, start);
    if (at >= end) return `at byte ${at - end} after its end`;
    if (at < start) return `at byte ${at} of its header`;
    const header: Record<string, { data_offsets: [number, number] }> = JSON.parse(new TextDecoder().decode(head.subarray(8)));
    const inside = Object.entries(header).find(([, { data_offsets: range }]) => at - start >= range[0] && at - start < range[1]);
    return inside ? `input ${inside[0]} (byte ${at - start - inside[1].data_offsets[0]})` : `at byte ${at}`;
  }
}

function flatten(tensors: Tensors): { flat: Tensors; views?: Record<string, ProcessView> } {
  const flat: Tensors = {};
  const views: Record<string, ProcessView> = {};
  for (const [name, t] of Object.entries(tensors)) {
    if (isDense(t)) flat[name] = t;
    else {
      flat[name] = tensor(t.dtype, [t.data.length], t.data);
      views[name] = { shape: [...t.shape], strides: [...t.strides], offset: t.offset };
    }
  }
  return Object.keys(views).length > 0 ? { flat, views } : { flat };
}

function isDense(t: Tensor): boolean {
  return t.offset === 0 && t.data.length === sizeOf(t.shape) && isContiguous(t);
}

/** Returns the bytes of the outputs at 8 bytes an element. Gradients are as large as inputs. */
function outputBytes({ dims }: Case, operator?: Operator): number {
  const outputs = Object.values(operator?.outputs ?? { o: ['b', 'hk', 'g', 'm', 'e'], lse: ['b', 'hk', 'g', 'm'] });
  return 8 * outputs.reduce((sum, axes) => sum + sizeOf(axes.map((axis) => dims[axis] ?? 1)), 0);
}

function noRoom(folder: string, why: string): OutOfMemory {
  return new OutOfMemory(`the tensors of the case do not fit in ${folder}: ${why}; name another folder with --tmp`);
}
