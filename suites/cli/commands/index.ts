// Generated from suites/cli/commands by `npm run generate`. Do not edit.
import type { Command } from 'commander';
import type { Finish, Run } from '../finish.js';
import { addAnswer } from './answer.js';
import { addBench } from './bench.js';
import { addDiff } from './diff.js';
import { addExpected } from './expected.js';
import { addExplain } from './explain.js';
import { addFlashinfer } from './flashinfer.js';
import { addInit } from './init.js';
import { addJudge } from './judge.js';
import { addList } from './list.js';
import { addMask } from './mask.js';
import { addMerge } from './merge.js';
import { addOperator } from './operator.js';
import { addPower } from './power.js';
import { addProbe } from './probe.js';
import { addProject } from './project.js';
import { addRank } from './rank.js';
import { addReplay } from './replay.js';
import { addReport } from './report.js';
import { addRun } from './run.js';
import { addServe } from './serve.js';
import { addSimulate } from './simulate.js';
import { addTrend } from './trend.js';
import { addValues } from './values.js';
import { addVectors } from './vectors.js';
import { addVerify } from './verify.js';

/** Adds a command each. */
export const commands: readonly ((program: Command, finish: Finish, run: Run) => void)[] = [
  addAnswer,
  addBench,
  addDiff,
  addExpected,
  addExplain,
  addFlashinfer,
  addInit,
  addJudge,
  addList,
  addMask,
  addMerge,
  addOperator,
  addPower,
  addProbe,
  addProject,
  addRank,
  addReplay,
  addReport,
  addRun,
  addServe,
  addSimulate,
  addTrend,
  addValues,
  addVectors,
  addVerify,
];
