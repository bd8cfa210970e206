import { isInstalled } from '../../../../adapters/project/installed.js';
import { projects } from '../../../../adapters/project/projects.js';
import { jsonText, printable } from '../../../../reports/text/plain-text.js';
import { formatTable } from '../../../../reports/text/table.js';
import { exitCodes } from '../../../lib/exit-code.js';

/** Runs `attn-cts project list`. @returns the exit code. @throws {DocumentError} for a malformed project. */
export function listProjects({ json }: { readonly json?: boolean }): number {
  const records = [...projects().values()].map((project) => {
    const { name, title, homepage, python, source, history = [], entries } = project;
    return {
      name,
      title,
      homepage,
      version: python?.version ?? source?.commit.slice(0, 12) ?? null,
      history: history.map(({ version }) => version),
      installed: isInstalled(project),
      entries: Object.keys(entries),
    };
  });
  const rows = records.map(({ name, version, installed, history, entries }) => [
    name,
    version ?? '',
    installed ? 'yes' : 'no',
    history.length === 0 ? '' : `${history.length} from ${history[0]}`,
    entries.join('\n'),
  ]);
  process.stdout.write(json ? jsonText(records) : formatTable(['PROJECT', 'VERSION', 'INSTALLED', 'EARLIER', 'KERNELS'], printable(rows)));
  return exitCodes.passed;
}
