import type { Command } from 'commander';
import type { ProjectFlags } from '../actions/project/settings.js';
import type { Finish, Run } from '../finish.js';

const help = `
A project is an implementation of others: a folder of adapters/projects with the versions of its packages and the kernels that are
judged. NAME@VERSION is another released version of its package. What is installed lies in the cache folder of the user, for every
project its own Python environment (one that has PyTorch takes 7 GB, of which uv shares all files that are equal), and run, bench and
list find it there.

Examples:
  $ npx attention-cts project list                        every project, what is installed, and the ids of its kernels
  $ npx attention-cts project install tinygrad            asks before it fetches
  $ npx attention-cts project run tinygrad --runs 20      what run takes, after the name
  $ npx attention-cts project run tinygrad@0.12.0 --filter 'softmax/causal/**'
  $ npx attention-cts project history tinygrad            its released versions, one after the other, and their trend
  $ npx attention-cts project bisect tinygrad --check softmax+scale/causal/oracle/f32 --good 0.12.0 --bad 0.14.0
  $ npx attention-cts project install ggml --sources DIR  a commit of the checkout DIR/ggml-org/ggml, and builds it
  $ npx attention-cts project remove tinygrad`;

export function addProject(program: Command, finish: Finish, run: Run): void {
  const project = program
    .command('project')
    .description('Install implementations of others, judge them, and find the version that brought a failure.')
    .addHelpText('after', help);
  const add = (name: string, what: string, description: string) => {
    const command = project.command(`${name}${what && ` ${what}`}`).description(description);
    return command;
  };
  const installing = (command: Command) =>
    command
      .option('--sources <dir>', 'folder of checkouts, DIR/OWNER/NAME, for a project that no registry has')
      .option('--yes', 'fetch without asking');
  const running = (command: Command) =>
    installing(command)
      .option('--entry <id>', 'only this kernel of the project; default: all')
      .option('--out <dir>', 'folder of the results', 'attn-cts-out/projects')
      .argument('[option...]', 'options of run, such as --runs 20')
      .allowUnknownOption()
      .passThroughOptions();
  project.enablePositionalOptions();

  add('list', '', 'List the projects, with versions and kernels.')
    .option('--json', 'print JSON')
    .action(async (flags: { readonly json?: boolean }) => {
      const { listProjects } = await import('../actions/project/list.js');
      finish(listProjects(flags));
    });
  installing(add('install', '<name...>', 'Fetch and build what a version needs.')).action(async (names: string[], flags: ProjectFlags) => {
    const { installProjects } = await import('../actions/project/install.js');
    finish(await installProjects(names, flags));
  });
  add('remove', '<name...>', 'Remove what was installed of projects.').action(async (names: string[]) => {
    const { removeProjects } = await import('../actions/project/install.js');
    finish(removeProjects(names));
  });
  running(add('run', '<name>', 'Judge the kernels of a project.')).action(async (name: string, rest: string[], flags: ProjectFlags) => {
    const { runProject } = await import('../actions/project/run.js');
    finish(await runProject(name, rest, flags, run));
  });
  running(add('history', '<name>', 'Judge the released versions that the document lists, and print their trend.'))
    .option('--keep', 'keep the environments; by default those that were made here are removed')
    .action(async (name: string, rest: string[], flags: ProjectFlags) => {
      const { projectHistory } = await import('../actions/project/history.js');
      finish(await projectHistory(name, rest, flags, run));
    });
  running(add('bisect', '<name>', 'Find the first released version in which a check fails.'))
    .requiredOption('--check <id>', 'the check')
    .requiredOption('--good <version>', 'a version in which it passes')
    .requiredOption('--bad <version>', 'a later version in which it fails')
    .option('--keep', 'keep the environments; by default those that were made here are removed')
    .action(
      async (
        name: string,
        rest: string[],
        flags: ProjectFlags & { readonly check: string; readonly good: string; readonly bad: string },
      ) => {
        const { bisectProject } = await import('../actions/project/bisect.js');
        finish(await bisectProject(name, rest, flags, run));
      },
    );
}
