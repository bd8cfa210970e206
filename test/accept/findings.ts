import { readFileSync } from 'node:fs';
import picomatch from 'picomatch';
import { loadAdapter } from '../../dist/adapters/load.js';
import { builtIns } from '../../dist/adapters/registry.js';
import { replayCase } from '../../dist/suites/runner/search/replay.js';
import type { Expectation, Failure } from '../../spec/types/documents.js';

const file = new URL('../../adapters/expectations.json', import.meta.url);

/**
 * Calls the minimal case of every known failure again, on the backends of this machine, and prints for each finding whether it is
 * still seen.
 * @returns the findings that could not be asked although their backend is there, in words.
 */
export async function findingsAgain(): Promise<readonly string[]> {
  const known = JSON.parse(readFileSync(file, 'utf8')) as Expectation[];
  const wrong: string[] = [];
  const count = { seen: 0, gone: 0, unavailable: 0 };
  for (const expectation of known) {
    const matches = picomatch(expectation.adapter ?? '*');
    for (const id of Object.keys(builtIns).filter((id) => matches(id))) {
      if (expectation.case === undefined) continue;
      const what = `${id}: ${checkOf(expectation)}`;
      try {
        const { state, version, said } = await again(id, expectation);
        count[state]++;
        console.log(`  ${state.padEnd(11)} ${what}${version && `, ${version}`}: ${said.split('\n')[0].slice(0, 160)}`);
      } catch (error) {
        wrong.push(`${what}: ${(error as Error).message}`);
      }
    }
  }
  console.log(`  ${count.seen} seen, ${count.gone} gone, ${count.unavailable} of backends that are unavailable here`);
  return wrong;
}

interface Asked {
  readonly state: 'seen' | 'gone' | 'unavailable';
  readonly version: string;
  readonly said: string;
}

async function again(id: string, expectation: Expectation): Promise<Asked> {
  let adapter: Awaited<ReturnType<typeof loadAdapter>>;
  try {
    adapter = await loadAdapter(id);
  } catch (error) {
    return { state: 'unavailable', version: '', said: (error as Error).message };
  }
  const failure = {
    format: 1,
    check: checkOf(expectation),
    adapter: { id, title: adapter.title, version: null, capabilities: adapter.capabilities },
    case: expectation.case,
    verdict: expectation.verdict,
    class: expectation.class,
    suite: '',
    spec: '',
    environment: {},
  } as unknown as Failure;
  const replay = await replayCase(id, failure, { document: 'expectations.json', documents: [], timeout: 60, startTimeout: 120 });
  const version = replay.adapter?.version ?? '';
  if (replay.verdict === 'unavailable') return { state: 'unavailable', version, said: replay.reason ?? '' };
  if (replay.verdict === 'pass') return { state: 'gone', version, said: 'passes' };
  if (replay.verdict === expectation.verdict) return { state: 'seen', version, said: replay.failure?.message ?? replay.class ?? '' };
  throw new Error(`${replay.verdict}: ${replay.reason ?? replay.class ?? ''}`);
}

/** A check that the glob of an expectation matches, whose property judges a failure of its class. */
function checkOf({ check, class: failureClass, case: known }: Expectation): string {
  const first = check.replaceAll(/\{([^},]*)[^}]*\}/g, '$1');
  const [operator, mask, property, last] = first.split('/');
  const judging = failureClass === 'gradient' || failureClass === 'nan' ? 'gradient' : 'oracle';
  const [dtype, scheme] = last.split('@');
  return [
    operator.replace('*', ''),
    mask.replace('*', 'any'),
    property.replace('*', judging),
    dtype.replace('*', known?.dtype ?? 'f32') + (scheme === undefined ? '' : `@${scheme}`),
  ].join('/');
}
