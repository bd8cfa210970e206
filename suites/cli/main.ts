#!/usr/bin/env node
import { runProgram } from './program.js';

// A reader such as `head` that closes the pipe early is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

process.exitCode = await runProgram(process.argv.slice(2));
