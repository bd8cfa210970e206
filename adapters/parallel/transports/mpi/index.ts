import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Parallel } from '../../../../spec/types/documents.js';
import type { Call } from '../../../kernel.js';
import { PrivateFolder } from '../../../system/private-folder.js';
import { type JobResults, joinReports, type RankSetup, type Transport } from '../transport.js';
import { decodeReports, encodeCommand } from './frames.js';
import { type MpiOptions, MpiRanks } from './ranks.js';

export type { MpiOptions } from './ranks.js';

/** Transport by mpirun, on one or several machines, with one mpirun kept per number of ranks. */
export class MpiTransport implements Transport {
  private readonly folder: PrivateFolder;
  private readonly setupFile: string;
  private readonly worlds = new Map<number, MpiRanks>();
  private jobs = 0;

  /** @throws {Unavailable} if no file can be written. */
  constructor(
    setup: RankSetup,
    private readonly options: MpiOptions = {},
  ) {
    this.folder = new PrivateFolder(setup.load?.tmp);
    this.setupFile = join(this.folder.path, 'setup.safetensors');
    writeFileSync(this.setupFile, encodeCommand({ setup }));
  }

  async run(call: Call, backward: boolean): Promise<JobResults> {
    const { ranks } = call.case.parallel as Parallel;
    const job = this.jobs++;
    const [inputs, outputs] = ['inputs', 'outputs'].map((name) => join(this.folder.path, `${job}-${name}.safetensors`));
    writeFileSync(inputs, encodeCommand({ job: { call, backward } }));
    try {
      await this.worldOf(ranks).run(inputs, outputs);
      return joinReports(decodeReports(readFileSync(outputs)));
    } catch (error) {
      this.worlds.delete(ranks);
      throw error;
    } finally {
      for (const file of [inputs, outputs]) rmSync(file, { force: true });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.worlds.values()].map((world) => world.stop()));
    this.worlds.clear();
    this.folder.remove();
  }

  private worldOf(ranks: number): MpiRanks {
    let world = this.worlds.get(ranks);
    if (!world) {
      world = new MpiRanks(ranks, this.folder.path, this.setupFile, this.options);
      this.worlds.set(ranks, world);
    }
    return world;
  }
}
