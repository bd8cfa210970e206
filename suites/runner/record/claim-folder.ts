import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, realpathSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { makeFolder } from '../../../adapters/system/make-folder.js';
import { UsageError } from '../../lib/usage-error.js';

/**
 * Claims a folder for this process by an abstract socket (Linux), a pipe (Windows) or a file lock,
 * which leave no stale claim. @throws {UsageError} if another run has it.
 */
export async function claimFolder(folder: string): Promise<() => Promise<void>> {
  if (process.platform !== 'linux' && process.platform !== 'win32') return lockFile(folder);
  const name = `attention-cts-${createHash('sha256')
    .update(realPath(resolve(folder)))
    .digest('hex')
    .slice(0, 32)}`;
  const path = process.platform === 'linux' ? `\0${name}` : `\\\\.\\pipe\\${name}`;
  // answers with the process id
  const server = createServer((socket) => socket.on('error', () => {}).end(String(process.pid), () => socket.destroy()));
  try {
    await listen(server, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw taken(folder, await ownerOf(path));
    throw error;
  }
  server.unref();
  return () => new Promise((closed) => server.close(() => closed()));
}

/** One path for a folder under any links, existing or not. */
function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    const parent = dirname(folder);
    return parent === folder ? folder : join(realPath(parent), basename(folder));
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((listening, failed) => {
    server.once('error', failed);
    server.listen({ path, exclusive: true }, () => {
      server.off('error', failed);
      listening();
    });
  });
}

const patience = 1000;

function ownerOf(path: string): Promise<string | undefined> {
  return new Promise((told) => {
    let text = '';
    const socket = connect({ path });
    const done = () => {
      socket.destroy();
      told(/^\d+$/.test(text) ? text : undefined);
    };
    socket.setTimeout(patience, done);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1').slice(0, 20);
    });
    socket.on('error', done).on('end', done);
  });
}

/** O_EXLOCK of BSD and macOS. */
const exclusive = 0x20;

async function lockFile(folder: string): Promise<() => Promise<void>> {
  makeFolder(folder);
  let fd: number;
  try {
    fd = openSync(join(folder, '.claim'), constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | exclusive);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') throw taken(folder, undefined);
    throw error;
  }
  return async () => closeSync(fd);
}

function taken(folder: string, owner: string | undefined): UsageError {
  const who = owner === undefined ? 'another run' : `another run (process ${owner})`;
  return new UsageError(`--out: ${folder}: ${who} is writing to it; wait for its end, or name another folder`);
}
