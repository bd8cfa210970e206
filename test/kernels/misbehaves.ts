import { fileURLToPath } from 'node:url';
import { program } from '../backend.js';
import { interpreterOf } from './interpreter.js';

/** Program that runs misbehaves.py, which needs no package. */
export const python = program('python3', 'apt install python3');
export const interpreter = interpreterOf('python3') ?? 'python3';

export const misbehaves = fileURLToPath(new URL('./misbehaves.py', import.meta.url));

export interface Misdeed {
  readonly way: string;
  readonly verdict: 'pass' | 'fail' | 'crash';
  readonly failureClass?: string;
  /** Pattern of the failure message. */
  readonly says?: RegExp;
}

/** Verdict for each way in which misbehaves.py answers a call, except `hang` and `out-of-memory`, which do not fail a single call. */
export const misdeeds: readonly Misdeed[] = [
  { way: 'nothing', verdict: 'pass' },
  { way: 'segfault', verdict: 'crash', failureClass: 'SIGSEGV', says: /died by signal SIGSEGV/ },
  { way: 'abort', verdict: 'crash', failureClass: 'SIGABRT', says: /died by signal SIGABRT/ },
  { way: 'exit', verdict: 'crash', failureClass: 'exit', says: /exited with code 3/ },
  { way: 'killed', verdict: 'crash', failureClass: 'SIGKILL', says: /died by signal SIGKILL/ },
  { way: 'noise', verdict: 'crash', failureClass: 'protocol', says: /"computing \.\.\."/ },
  {
    way: 'noise-after',
    verdict: 'crash',
    failureClass: 'protocol',
    says: /wrote to stdout after .*ok.*, but each request gets one line: "done"/,
  },
  { way: 'half-line', verdict: 'crash', failureClass: 'exit', says: /exited with code 0, after half a line: "\{\\"seq\\": "/ },
  { way: 'half-file', verdict: 'crash', failureClass: 'protocol', says: /is not a safetensors file/ },
  { way: 'no-file', verdict: 'crash', failureClass: 'protocol', says: /its output file does not exist/ },
  { way: 'wrong-seq', verdict: 'crash', failureClass: 'protocol', says: /it replied to call \d+, but the request was call \d+/ },
  { way: 'wrong-type', verdict: 'crash', failureClass: 'protocol', says: /at \$\.ok: found "yes"/ },
  { way: 'two-answers', verdict: 'crash', failureClass: 'protocol', says: /must have exactly one of "ok", "unsupported" and "error"/ },
  { way: 'wrong-dtype', verdict: 'fail', failureClass: 'dtype' },
  { way: 'wrong-shape', verdict: 'fail', failureClass: 'shape' },
  { way: 'petabytes', verdict: 'crash', failureClass: 'protocol', says: /the header claims 1125899906842624 bytes/ },
  { way: 'petabyte-tensor', verdict: 'crash', failureClass: 'protocol', says: /shape \[1125899906842624\] of F32 needs/ },
  { way: 'petabyte-file', verdict: 'crash', failureClass: 'protocol', says: /has 4398046511104 bytes, but the case allows at most/ },
  { way: 'fifo', verdict: 'crash', failureClass: 'protocol', says: /is a FIFO/ },
  { way: 'link', verdict: 'crash', failureClass: 'protocol', says: /is a symbolic link/ },
  { way: 'folder', verdict: 'crash', failureClass: 'protocol', says: /is not a regular file/ },
  { way: 'deep-reply', verdict: 'crash', failureClass: 'protocol', says: /at \$\.seq\[0\].*: this is nested deeper than 128 levels/ },
  { way: 'deep-header', verdict: 'crash', failureClass: 'protocol', says: /the header: at \$\[0\].*: this is nested deeper/ },
  { way: 'long-line', verdict: 'crash', failureClass: 'protocol', says: /a line of more than 1048576 bytes: "xxx/ },
  {
    way: 'writes-input',
    verdict: 'fail',
    failureClass: 'mutated-input',
    says: /wrote into the file of its inputs, input [qkv] \(byte \d+\)/,
  },
  {
    way: 'removes-input',
    verdict: 'fail',
    failureClass: 'mutated-input',
    says: /removed or replaced the file of its inputs: the file does not exist/,
  },
  { way: 'unsupported', verdict: 'fail', failureClass: 'refused', says: /two keys/ },
  { way: 'throws', verdict: 'fail', failureClass: 'refused', says: /no two keys/ },
  { way: 'loses-device', verdict: 'crash', failureClass: 'device-lost', says: /lost its device: the device fell off/ },
];
