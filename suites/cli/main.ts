#!/usr/bin/env node
import { reportError } from './errors.js';

// A reader such as `head` that closes the pipe early is no fault: what there is to do is done, and the exit code says how it went.
const gone = ['EPIPE', 'ERR_STREAM_DESTROYED'];
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (gone.includes(error.code ?? '')) return;
  process.exit(reportError(Object.assign(error, { path: 'standard output' }), (text) => process.stderr.write(text)));
});
// there is nowhere to tell it
process.stderr.on('error', () => {});
// a file that outgrows `ulimit -f` is a refusal like any other, not the end of the process
if (process.platform !== 'win32') process.on('SIGXFSZ', () => {});

try {
  // here, not above: that a module of ours cannot be opened is told like any other refusal
  const { ownThisProcess } = await import('../runner/host/orphans.js');
  ownThisProcess();
  const { refuseKernels } = await import('./refuse-kernels.js');
  refuseKernels(process.argv[2]);
  const { runProgram } = await import('./program.js');
  process.exitCode = await runProgram(process.argv.slice(2));
} catch (error) {
  process.exitCode = reportError(error, (text) => process.stderr.write(text));
}
