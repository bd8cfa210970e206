#!/usr/bin/env node
import { reportError } from './errors.js';

// A reader like `head` may close the pipe early: the command still runs to its end.
const gone = ['EPIPE', 'ERR_STREAM_DESTROYED'];
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (gone.includes(error.code ?? '')) return;
  process.exit(reportError(Object.assign(error, { path: 'standard output' }), (text) => process.stderr.write(text)));
});
// No stream is left to report it on.
process.stderr.on('error', () => {});
// A file that outgrows `ulimit -f` becomes an ordinary error, not a signal.
if (process.platform !== 'win32') process.on('SIGXFSZ', () => {});

try {
  // Imported here so that a module that cannot be opened is reported too.
  const { ownThisProcess } = await import('../runner/host/orphans.js');
  ownThisProcess();
  const { refuseKernels } = await import('./refuse-kernels.js');
  refuseKernels(process.argv[2]);
  const { runProgram } = await import('./program.js');
  process.exitCode = await runProgram(process.argv.slice(2));
} catch (error) {
  process.exitCode = reportError(error, (text) => process.stderr.write(text));
}
