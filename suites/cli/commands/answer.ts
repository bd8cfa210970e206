import type { Command } from 'commander';
import type { Finish, Run } from '../finish.js';

const help = `
Each line of standard input is a command line as a JSON array, such as ["explain", "out.safetensors", "--json"]. The answer is a line of
JSON: code, stdout and stderr. A program that asks many questions saves the start of each. The process ends with its standard input.`;

export function addAnswer(program: Command, finish: Finish, run: Run): void {
  program
    .command('answer')
    .description('Answer command lines from standard input, for a program that asks many.')
    .addHelpText('after', help)
    .action(async () => {
      const { answerAction } = await import('../actions/answer.js');
      finish(await answerAction(run));
    });
}
