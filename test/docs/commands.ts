import type { Command, Option } from 'commander';
import { entriesOfOptions } from '../../dist/suites/cli/options.js';
import { createProgram } from '../../dist/suites/cli/program.js';
import configSchema from '../../spec/schema/config.schema.json' with { type: 'json' };
import { block, code, listing, type Page, paragraphs, prose, type Section, table } from './page.js';

/** A page for each command of the command line, by its own help. */
export function commandSections(program = createProgram(() => {})): Section[] {
  const commands = program.commands.filter((command) => !('_hidden' in command && command._hidden));
  const pages: Page[] = commands.map((command) => ({ path: `commands/${command.name()}.md`, name: command.name(), text: pageOf(command) }));
  const { words, examples } = moreHelpOf(program);
  const index = paragraphs(
    '# The command line',
    prose(program.description()),
    table(
      ['command', 'what it does'],
      commands.map((command) => [`[${code(`attn-cts ${command.name()}`)}](./${command.name()}.md)`, prose(command.description())]),
    ),
    ...words.map(prose),
    '## Examples',
    examples,
    'What [a configuration file](../documents/config.md) may say are the keys of the second column of [run](./run.md#options). See also [the exit codes](../../contracts/verdicts.md#exit-codes).',
  );
  return [{ title: 'Commands', pages: [{ path: 'commands/index.md', name: 'All commands', text: index }, ...pages] }];
}

function pageOf(command: Command): string {
  const { words, examples } = moreHelpOf(command);
  const keys = command.name() === 'run' ? keysOfRun() : undefined;
  const options = command.options.filter(({ hidden }) => !hidden);
  const usage = [command.name(), ...command.registeredArguments.map(argumentText), ...(options.length > 0 ? ['[options]'] : [])];
  return paragraphs(
    `# attn-cts ${command.name()}`,
    prose(command.description()),
    block('sh', [`npx attention-cts ${usage.join(' ')}`]),
    command.registeredArguments.some(({ description }) => description)
      ? listing(
          ['argument', 'meaning'],
          command.registeredArguments.map((argument) => [code(argumentText(argument)), prose(argument.description)]),
        )
      : '',
    options.length > 0 ? '## Options' : '',
    keys
      ? listing(
          ['flag', 'configuration', 'meaning'],
          options.map((option) => [code(option.flags), keys.get(option.flags) ?? '', meaningOf(option)]),
        )
      : listing(
          ['flag', 'meaning'],
          options.map((option) => [code(option.flags), meaningOf(option)]),
        ),
    ...(words.length > 0
      ? ['## More', ...words.map((part) => (part.includes('\n  ') ? block('text', part.split('\n')) : prose(part)))]
      : []),
    examples && '## Examples',
    examples,
  );
}

function argumentText(argument: Command['registeredArguments'][number]): string {
  const name = `${argument.name()}${argument.variadic ? '…' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

/** Keys of the configuration file by the flag of `run`. */
function keysOfRun(): ReadonlyMap<string, string> {
  const inConfig = Object.keys(configSchema.properties);
  return new Map(entriesOfOptions().map(([key, { flag }]) => [flag, inConfig.includes(key) ? code(key) : '']));
}

function meaningOf({ description, argChoices, defaultValue }: Option): string {
  const isSaid = description.includes('(default:') || description.includes('; default:');
  const isPlain = typeof defaultValue === 'string' || typeof defaultValue === 'number';
  const notes = [...(argChoices ? [`one of ${argChoices.join(', ')}`] : []), ...(isPlain && !isSaid ? [`default: ${defaultValue}`] : [])];
  if (notes.length === 0) return prose(description);
  const said = /^(.*) \(([^()]*)\)$/s.exec(description);
  return prose(said ? `${said[1]} (${[...notes, said[2]].join('; ')})` : `${description} (${notes.join('; ')})`);
}

/** Help below the options: paragraphs, and the block of examples. */
function moreHelpOf(command: Command): { words: string[]; examples: string } {
  let help = '';
  const output = command.configureOutput();
  command.configureOutput({
    ...output,
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  command.configureOutput(output);
  const [before, examples = ''] = help.slice(command.helpInformation().length).split(/^Examples:\n/m);
  const [lines, ...after] = examples.trimEnd().split('\n\n');
  const words = [before, ...after].flatMap((text) => text.split('\n\n')).map((text) => text.trim());
  return {
    words: words.filter((text) => text !== ''),
    examples:
      lines === ''
        ? ''
        : block(
            'sh',
            lines.split('\n').map((line) => line.replace(/^ {2}\$ /, '')),
          ),
  };
}
