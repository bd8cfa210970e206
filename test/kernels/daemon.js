import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { kernel } from './kernel.js';

/**
 * A right kernel that leaves a daemon behind: in a session of its own, with nothing of its environment, and with a parent that is gone. ATTN_DAEMON
 * names the file in which that writes its process id.
 */
export default kernel('daemon', (_call, right) => {
  const file = process.env.ATTN_DAEMON;
  const script = `echo $$ > '${file}'; exec sleep 1000`;
  if (!existsSync(file)) execFileSync('setsid', ['-f', 'env', '-i', '/bin/sh', '-c', script], { stdio: 'ignore' });
  return right();
});
