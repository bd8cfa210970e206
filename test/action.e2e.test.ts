import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { entriesOfOptions } from '../suites/cli/options.js';

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const { load } = createRequire(import.meta.url)('js-yaml') as { load(text: string): unknown };
const text = readFileSync(path('../action.yml'), 'utf8');
const action = load(text) as Action;
const stepNamed = (id: string) => action.runs.steps.find((s) => s.id === id) as Step;

describe('action.yml', () => {
  it('is a composite action whose steps name their shell or another action', () => {
    expect(action.runs.using).toBe('composite');
    for (const { run, shell, uses } of action.runs.steps)
      expect(run === undefined ? uses : shell).toMatch(/^(bash|actions\/[\w-]+@[0-9a-f]{40})$/);
    for (const input of Object.values(action.inputs))
      expect([typeof input.description, typeof input.default]).toEqual(['string', 'string']);
  });

  it('has no expression in a script, where an input would be read as a command', () => {
    for (const { run } of action.runs.steps) expect(run ?? '').not.toContain('${{');
  });

  it('uses no input and no step that is not there', () => {
    const named = [...text.matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name);
    expect(new Set(named)).toEqual(new Set(Object.keys(action.inputs)));
    const steps = [...text.matchAll(/steps\.([\w-]+)/g)].map(([, id]) => id);
    for (const id of steps) expect(stepNamed(id)).toBeDefined();
  });

  it('has an input for every option of run, with its help and its default, and passes it on', () => {
    const own = ['merge', 'args', 'artifact', 'node-version'];
    const options = entriesOfOptions().filter(([key]) => key !== 'reporters');
    const named = options.map(([, { flag }]) => flag.split(' ')[0].slice(2));
    expect(Object.keys(action.inputs).filter((name) => !own.includes(name))).toEqual(named);
    for (const [key, option] of options) {
      const input = action.inputs[option.flag.split(' ')[0].slice(2)];
      expect(input.description).toContain(option.help.slice(1).split(/[:,] see below/)[0]);
      expect(input.default).toBe(key === 'out' ? option.default : '');
    }
  });
});

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly (Step & { readonly with?: Readonly<Record<string, unknown>> })[] }>>;
}

const pages = readdirSync(path('../docs'), { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.md') && !name.startsWith('reference'),
);
const workflows = ['README.md', ...pages.map((name) => join('docs', name))].flatMap((name) =>
  [...readFileSync(path(join('..', name)), 'utf8').matchAll(/^```ya?ml\n([\s\S]*?)^```/gm)]
    .filter(([, block]) => block.includes('uses:'))
    .map(([, block], at) => [`${name}, ${at + 1}`, load(block) as Workflow] as const),
);

describe('the workflows of the documentation', () => {
  it('are there', () => {
    expect(workflows.length).toBeGreaterThan(1);
  });

  it.each(workflows)(
    '%s gives its token no right to write, leaves none in the checkout, and pins every action to a commit',
    (_, workflow) => {
      expect(workflow.permissions).toEqual({ contents: 'read' });
      for (const { uses, with: inputs } of Object.values(workflow.jobs).flatMap(({ steps }) => steps)) {
        expect(uses).toMatch(/^(\.\/attention-cts|actions\/[\w-]+@[0-9a-f]{40})$/);
        if (uses?.startsWith('actions/checkout@')) expect(inputs).toMatchObject({ 'persist-credentials': false });
      }
    },
  );

  it.each(workflows)('%s gives our action inputs that it has', (_, { jobs }) => {
    for (const { uses, with: inputs = {} } of Object.values(jobs).flatMap(({ steps }) => steps))
      if (uses === './attention-cts') expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(inputs)));
  });
});

/** Runs the step that judges, in an empty folder, with a program in the place of ours that notes its arguments, or with ours. */
function judge(inputs: Readonly<Record<string, string>>, main?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'attention-cts-action-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const note = join(folder, 'note.mjs');
  writeFileSync(note, "import { writeFileSync } from 'node:fs';\nwriteFileSync('args.json', JSON.stringify(process.argv.slice(2)));\n");
  for (const name of ['a', 'b']) mkdirSync(join(folder, `shard ${name}`));
  for (const name of ['a', 'b']) writeFileSync(join(folder, `shard ${name}`, 'result.json'), '{}');
  const { run, env } = stepNamed('judge');
  const values = Object.entries(env ?? {}).map(([key, expression]) => {
    const name = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(expression)?.[1];
    return [key, name === undefined ? (main ?? note) : (inputs[name] ?? action.inputs[name].default)];
  });
  const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary.md') };
  // as GitHub runs it
  const shell = ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', run as string];
  const { status, stdout, stderr } = spawnSync('bash', shell, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...Object.fromEntries(values), ...files },
  });
  const read = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '');
  const args = read('args.json');
  return { status, stdout, stderr, folder, summary: read('summary.md'), output: read('output'), args: args === '' ? [] : JSON.parse(args) };
}

describe('the step that judges', () => {
  const reporters = (folder: string) => ['--reporter', 'github', '--reporter', `markdown=${join(folder, 'summary.md')}`];

  it('gives each line of an input as one argument, whatever is in it', () => {
    const adapter = './my kernel.ts\n$(touch hacked)\n`touch hacked`; touch hacked "\'\n';
    const { args, folder, status, stderr } = judge({
      adapter,
      profile: 'core',
      shard: '2/3',
      costs: 'c.json',
      args: '--runs\n7\n\n--filter\n**/*',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const adapters = adapter.trim().split('\n');
    expect(args).toEqual([
      ...['run', '--out', 'attn-cts-out'],
      ...adapters.flatMap((a) => ['--adapter', a]),
      ...['--profile', 'core', '--shard', '2/3', '--costs', 'c.json', '--runs', '7', '--filter', '**/*'],
      ...reporters(folder),
    ]);
    expect(existsSync(join(folder, 'hacked'))).toBe(false);
  });

  it('gives every input to run as the value of its flag, and a switch where it is true', () => {
    const options = entriesOfOptions().filter(([key]) => key !== 'reporters' && key !== 'out');
    for (const [, { flag }] of options) {
      const [name, argument] = flag.split(' ');
      const { args, folder } = judge({ [name.slice(2)]: argument ? 'x' : 'true' });
      expect(args).toEqual(['run', '--out', 'attn-cts-out', name, ...(argument ? ['x'] : []), ...reporters(folder)]);
    }
    expect(judge({ resume: 'false' }).args).not.toContain('--resume');
    const { status, stdout } = judge({ resume: 'yes' });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '::error::resume: found "yes", must be true or false\n' });
  });

  it('gives merge the options that it has too', () => {
    const { args } = judge({ merge: 'shard a/result.json', 'write-costs': 'c.json', 'allow-incomplete': 'true', runs: '7' });
    expect(args.slice(3, -4)).toEqual(['shard a/result.json', '--write-costs', 'c.json', '--allow-incomplete']);
  });

  it('gives nothing where nothing is said', () => {
    const { args, folder, output } = judge({});
    expect(args).toEqual(['run', '--out', 'attn-cts-out', ...reporters(folder)]);
    expect(output).toBe('result=attn-cts-out/result.json\n');
  });

  it('joins the results that its globs find; one that finds none is left to be named in the error', () => {
    const { args, folder } = judge({ merge: 'shard */result.json\nabsent/*.json', out: 'merged' });
    const found = ['shard a/result.json', 'shard b/result.json', 'absent/*.json'];
    expect(args).toEqual(['merge', '--out', 'merged/result.json', ...found, ...reporters(folder)]);
  });

  it('judges, and ends as the run does', () => {
    const kernel = (name: string) => ({ adapter: path(`kernels/${name}.js`), args: '--filter\nsoftmax/causal/oracle/f32\n--runs\n4' });
    const main = path('../dist/suites/cli/main.js');
    const good = judge(kernel('correct'), main);
    // beside its progress it says nothing
    const told = good.stderr.replaceAll(/^(\d+ % .*|attention-cts \S+ starting 1 adapter|correct: \d+ of \d+ passed)\n/gm, '');
    expect({ status: good.status, told }).toEqual({ status: 0, told: '' });
    expect(existsSync(join(good.folder, 'attn-cts-out', 'result.json'))).toBe(true);
    const bad = judge(kernel('nan'), main);
    expect(bad.status).toBe(1);
    expect(bad.stdout).toContain('::error');
    expect(bad.summary).toContain('softmax/causal/oracle/f32');
  });
});
