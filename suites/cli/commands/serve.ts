import type { Command } from 'commander';
import type { ServeFlags } from '../actions/serve.js';
import type { Finish } from '../finish.js';
import { port } from '../values.js';

const help = `
The page judges the built-in WGSL kernels on the GPU of the browser that opens it, and offers the result document as a download.
The server listens on 127.0.0.1, serves that page only, and ends with Ctrl-C.

Examples:
  $ npx attention-cts serve
  $ npx attention-cts serve --port 8080`;

export function addServe(program: Command, finish: Finish): void {
  program
    .command('serve')
    .description('Serve a web page that runs the suite on the GPU of a browser.')
    .option('--port <n>', 'port to listen on (default: a free one)', port)
    .addHelpText('after', help)
    .action(async (flags: ServeFlags) => {
      const { serveAction } = await import('../actions/serve.js');
      finish(await serveAction(flags));
    });
}
