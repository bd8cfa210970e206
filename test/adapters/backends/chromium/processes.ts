import { readdirSync, readFileSync } from 'node:fs';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Processes of a Linux machine, without those that have ended and wait for their parents, which have no command any more. */
function processes(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): Process[] => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const parent = Number(/\) \S (\d+) /.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1]);
        return command === '' ? [] : [{ pid: Number(name), parent, command }];
      } catch {
        return [];
      }
    });
}

/** Ids of the browsers that a process has started. */
export function browsersOf(host: number): number[] {
  return processes()
    .filter(({ command }) => command.includes(`attention-cts-chromium-${host}-`) && !command.includes('--type='))
    .map(({ pid }) => pid);
}

/** Ids of the descendants of a process whose commands contain a text. */
export function childrenOf(root: number, text: string): number[] {
  const all = processes();
  const isUnder = (p: Process | undefined): boolean =>
    p !== undefined && (p.parent === root || isUnder(all.find(({ pid }) => pid === p.parent)));
  return all.filter((p) => p.command.includes(text) && isUnder(p)).map(({ pid }) => pid);
}
