import { entriesOfOptions, helpOf } from '../../suites/cli/options.js';

const ofOneRun: readonly string[] = ['updateExpectations', 'shard', 'writeCosts', 'resume'];

/** The options of `attn-cts run` as the README shows them: the flag, the key of the configuration, and the help. */
export function optionsTable(): string {
  const escaped = (text: string) => text.replaceAll('|', '\\|');
  const rows = entriesOfOptions().map(([key, option]) => {
    const inConfig = ofOneRun.includes(key) ? '' : `\`${key}\``;
    return `| \`${escaped(option.flag)}\` | ${inConfig} | ${escaped(helpOf(option))} |`;
  });
  return ['| flag of `run` | configuration | |', '|---|---|---|', ...rows].join('\n');
}
