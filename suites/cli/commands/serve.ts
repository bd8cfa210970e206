import type { Command } from 'commander';
import type { ServeFlags } from '../actions/serve.js';
import type { Finish } from '../finish.js';
import { port } from '../values.js';

const help = `
The page judges our WGSL kernels on the GPU of the browser that opens it, and hands the result document over as a download.
The server is bound to 127.0.0.1, serves that page and nothing else, and ends with Ctrl-C.

Examples:
  $ npx attn-cts serve
  $ npx attn-cts serve --port 8080`;

export function addServe(program: Command, finish: Finish): void {
  program
    .command('serve')
    .description("Serve a page that runs the suite on a browser's GPU.")
    .option('--port <n>', 'the port to listen on (default: one that is free)', port)
    .addHelpText('after', help)
    .action(async (flags: ServeFlags) => {
      const { serveAction } = await import('../actions/serve.js');
      finish(await serveAction(flags));
    });
}
