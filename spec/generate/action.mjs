// Makes the inputs of action.yml, and how they reach the command line, from the table of run's options.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createJiti } from 'jiti';
import { root } from './root.mjs';

/** The action names its own reporters; others are given by `args`. */
const left = ['reporters'];
/** The action gives it to either command by itself. */
const ownPath = 'out';

/** Returns action.yml with its generated parts made anew. */
export async function actionFile() {
  const jiti = createJiti(import.meta.url);
  const { entriesOfOptions, helpOf } = await jiti.import(join(root, 'suites/cli/options.ts'));
  const inputs = entriesOfOptions()
    .filter(([key]) => !left.includes(key))
    .map(([key, option]) => {
      const [flag, argument] = option.flag.split(' ');
      return { key, flag, input: flag.slice(2), variable: `ATTN_${flag.slice(2).toUpperCase().replaceAll('-', '_')}`, option, argument };
    });
  const passed = inputs.filter(({ key }) => key !== ownPath);
  const lines = (chosen, indent) =>
    chosen.map(({ flag, variable, argument }) => `${indent}${argument ? 'each' : 'switch'} ${flag} "$${variable}"\n`);
  const parts = {
    inputs: inputs.flatMap(({ key, input, argument, option }) => {
      const help = helpOf(option, { repeatable: 'one a line' });
      const how = argument ? `${help[0].toUpperCase()}${help.slice(1)}.` : `If true: ${help}.`;
      return [
        `  ${input}:\n`,
        `    description: ${JSON.stringify(how)}\n`,
        `    default: ${JSON.stringify(key === ownPath ? option.default : '')}\n`,
      ];
    }),
    environment: inputs.map(({ variable, input }) => `        ${variable}: \${{ inputs.${input} }}\n`),
    run: lines(
      passed.filter(({ option }) => !option.ofMerge),
      '          ',
    ),
    'run and merge': lines(
      passed.filter(({ option }) => option.ofMerge),
      '        ',
    ),
  };
  let text = readFileSync(join(root, 'action.yml'), 'utf8');
  for (const [name, made] of Object.entries(parts)) {
    const part = new RegExp(`^( *# generated: ${name}\\n)(?:.*\\n)*?( *# end: ${name}\\n)`, 'm');
    if (!part.test(text)) throw new Error(`action.yml: it has no lines "# generated: ${name}" and "# end: ${name}"`);
    text = text.replace(part, (_, begin, end) => `${begin}${made.join('')}${end}`);
  }
  return text;
}
