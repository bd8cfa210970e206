import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { absent, type Backend, program, title } from '../../backend.js';
import { copyOf, exportVectors, faulty, readers, scratchFolder } from './exported.js';

const crate = join(readers, 'rust');

/** Cargo with the crates of the lock file, which `cargo fetch` has put on this machine, or the remedy. */
function cargoWithCrates(): Backend {
  const cargo = program('cargo', 'https://rustup.rs, or apt install cargo');
  if (cargo.missing !== undefined) return cargo;
  const { status } = spawnSync('cargo', ['fetch', '--locked', '--offline'], { cwd: crate });
  return status === 0
    ? {}
    : absent('crates', 'the crates are not fetched (cargo fetch --locked --manifest-path suites/vectors/rust/Cargo.toml)');
}

const cargo = cargoWithCrates();
const folder = scratchFolder('rust');
const vectors = join(folder, 'vectors');

describe.skipIf(cargo.missing)(title('the crate attention-cts-vectors', cargo), () => {
  beforeAll(() => exportVectors(vectors));

  function cargoTest(where: string): { status: number | null; said: string } {
    const env = { ...process.env, ATTENTION_CTS_VECTORS: vectors, CARGO_TARGET_DIR: join(folder, 'target'), RUSTFLAGS: '-D warnings' };
    const { status, stdout, stderr } = spawnSync('cargo', ['test', '--offline', '--locked'], { cwd: where, env, encoding: 'utf8' });
    return { status, said: `${stdout}${stderr}` };
  }

  it('passes its own tests and a right kernel', () => {
    const { status, said } = cargoTest(crate);
    expect(status, said).toBe(0);
    expect(said).toContain('attention_is_within_its_bounds ... ok');
  });

  it.each([
    ['is misaligned under a causal mask', 'j + m <= i + n', 'j <= i', 'softmax+cross/any/oracle/f32 0: o'],
    ['ignores the scale', 'score(j) * scale', 'score(j) * scale.signum()', 'softmax/causal/oracle/bf16 0: o'],
  ])('names the worst element of a kernel that %s', (_, text, fault, named) => {
    const copy = copyOf(crate, join(folder, 'copy'));
    faulty(join(crate, 'tests/attention.rs'), join(copy, 'tests/attention.rs'), text, fault);
    const { status, said } = cargoTest(copy);
    expect(status).not.toBe(0);
    expect(said).toMatch(/o\[\d+, \d+, \d+, \d+\] is [-\d.e]+, expected [-\d.e]+ within [-\d.e]+: off by [\d.e]+ times the bound/);
    expect(said).toContain(named);
  });
});
