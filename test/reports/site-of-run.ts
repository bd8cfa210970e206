import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended, start } from '../accept/attn-cts.js';

/** The built site of a run with known failures, in a folder of its own. */
export class SiteOfRun {
  private readonly work = mkdtempSync(join(tmpdir(), 'attention-cts-site-'));
  readonly folder = join(this.work, 'site');

  async make(): Promise<void> {
    const known = ['--expectations', 'adapters/expectations.json'];
    const asked = [
      '--adapter',
      'onnxruntime-mha',
      '--adapter',
      'reference',
      '--filter',
      'softmax/any/{oracle,strided,non-interference}/f32',
    ];
    await ended(start(['run', ...asked, '--runs', '2', ...known, '--out', join(this.work, 'run')]), [0]);
    await ended(start(['report', join(this.work, 'run', 'result.json'), ...known, '--out', this.folder]), [0]);
  }

  remove(): void {
    rmSync(this.work, { recursive: true });
  }
}
