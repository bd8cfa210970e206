import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLock } from '../../../../adapters/project/install/python.js';
import { compareVersions, finalVersions } from '../../../../adapters/project/install/released.js';

const hash = 'a'.repeat(64);
const lock = `lock-version = "1.0"

[[packages]]
name = "numpy"
version = "2.5.4"
sdist = { url = "https://x/numpy.tar.gz", upload-time = 2026-10-10T20:05:31Z, size = 20866315, hashes = { sha256 = "${hash}" } }
wheels = [{ url = "https://x/numpy.whl", upload-time = 2026-10-10T20:03:21Z, size = 16718044, hashes = { sha256 = "${hash}" } }]

[[packages]]
name = "deepspeed"
version = "0.19.8"
sdist = { url = "https://x/deepspeed.tar.gz", size = 1000, hashes = { sha256 = "${hash}" } }
`;

describe('a lock', () => {
  it('gives the number of packages, the bytes of their wheels, and pins with hashes', () => {
    const { count, bytes, pinned } = readLock(lock);
    expect({ count, bytes }).toEqual({ count: 2, bytes: 16719044 });
    expect(pinned.split('\n')).toEqual([
      `numpy==2.5.4 --hash=sha256:${hash} --hash=sha256:${hash}`,
      `deepspeed==0.19.8 --hash=sha256:${hash}`,
      '',
    ]);
  });
});

describe('released versions', () => {
  it('are the final ones, in their order', () => {
    expect(finalVersions(['0.10.0', '0.9.2', '1.0rc1', '0.10.0.post1', '0.11.0.dev1', '0.10'])).toEqual([
      '0.9.2',
      '0.10.0',
      '0.10',
      '0.10.0.post1',
    ]);
  });

  it('have a total order', () => {
    const version = fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)));
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
