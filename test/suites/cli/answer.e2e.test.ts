import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../../dist/suites/cli/main.js', import.meta.url));

it('attn-cts answer answers each line by a line, whatever the lines are', () => {
  const lines = ['["mask","causal","--n","3"]', 'nonsense', '["explain","no-such-file"]', '["answer"]', '[1]', '["list","masks","--json"]'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'answer'], { input: `${lines.join('\n')}\n`, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  const answers = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(answers.map(({ code }) => code)).toEqual([0, 2, 2, 2, 2, 0]);
  expect(answers[0].stdout).toContain('█');
  expect(answers[1].stderr).toContain('nonsense');
  expect(answers[2].stderr).toContain('no-such-file');
  expect(answers[4].stderr).toContain('must be a JSON array of texts');
  expect(JSON.parse(answers[5].stdout).length).toBeGreaterThan(20);
});
