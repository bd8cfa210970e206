/** Error of a system call in Node. */
export interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
  readonly dest?: string;
}

export function isSystemError(error: unknown): error is SystemError {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as Partial<SystemError>;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) && typeof syscall === 'string';
}

const meanings: Readonly<Record<string, readonly [problem: string, mend: string]>> = {
  ENOENT: ['there is no such file or folder', 'check the path'],
  EACCES: ['the permission for it is missing', 'change its permissions, or name another place'],
  EPERM: ['the system does not permit it', 'change its permissions, or name another place'],
  EROFS: ['the file system is read-only', 'name a place that can be written'],
  ENOSPC: ['the disk is full', 'free some space, or name another place'],
  EDQUOT: ['the quota of the disk is used up', 'free some space, or name another place'],
  EFBIG: ['the file is larger than is allowed', 'raise ulimit -f, or name another place'],
  EISDIR: ['this is a folder', 'name a file'],
  ENOTDIR: ['a part of this path is a file, where a folder is needed', 'name another path'],
  EEXIST: ['there is a file of this name, where a folder is needed', 'name another path, or remove it'],
  ENOTEMPTY: ['this folder is not empty', 'name another folder'],
  ENAMETOOLONG: ['this name is too long for the file system', 'name a shorter path'],
  ELOOP: ['its symbolic links form a circle', 'correct the links'],
  EMFILE: ['too many files are open', 'raise ulimit -n, or use fewer --jobs'],
  ENFILE: ['too many files are open on this machine', 'end other programs, or use fewer --jobs'],
  EAGAIN: ['the system has no room for another process or thread', 'raise ulimit -u, or use fewer --jobs'],
  ENOMEM: ['the memory is used up', 'end other programs, or use fewer --jobs'],
  EBUSY: ['it is in use', 'end the program that uses it'],
  ETXTBSY: ['it is in use as a program', 'end the program that uses it'],
  EXDEV: ['it lies on another file system', 'name a place on the same one'],
  EINVAL: ['the system does not accept this name or this operation on it', 'name another place'],
  EIO: ['the disk or device failed', 'check it, or name another place'],
  ENXIO: ['there is no device, or no program at its other end', 'name a file'],
  ENODEV: ['there is no such device', 'name a file'],
  EPIPE: ['the program that reads it has ended', 'read to the end'],
  ESTALE: ['the file server has lost this file', 'mount it again'],
};

/** One line with path, problem and remedy: `a/b: the disk is full; free some space, or …`. */
export function describeSystemError(error: SystemError): string {
  const { syscall, path, dest = path } = error;
  return dest === undefined || syscall === 'uv_cwd' ? systemProblem(error) : `${dest}: ${systemProblem(error)}`;
}

/** Problem and remedy, without the path. */
export function systemProblem({ code, syscall, message }: SystemError): string {
  if (syscall === 'uv_cwd') return 'the working folder no longer exists; change to another folder';
  return Object.hasOwn(meanings, code) ? meanings[code].join('; ') : message.split('\n', 1)[0];
}
