import { type Command, Option } from 'commander';
import type { RankFlags } from '../actions/rank.js';

/** Hidden: mpirun starts it once per rank, for the transport `mpi`. */
export function addRank(program: Command): void {
  program
    .command('rank', { hidden: true })
    .description('One rank of a context-parallel scheme, started by mpirun.')
    .addOption(new Option('--library <file>', "Open MPI's library").default('libmpi.so.40'))
    .action(async (flags: RankFlags) => {
      const { rankAction } = await import('../actions/rank.js');
      await rankAction(flags);
    });
}
