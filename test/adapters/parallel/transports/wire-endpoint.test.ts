import { describe, expect, it } from 'vitest';
import { anyRank } from '../../../../adapters/parallel/communicator.js';
import { WireEndpoint, type WireMessage } from '../../../../adapters/parallel/transports/wire-endpoint.js';
import { tensorOf } from '../../../../spec/tensor/tensor.js';

const one = (value: number) => tensorOf('f32', [1], [value]);
const numbersIn = async (received: Promise<{ data: ArrayLike<number> }[]>) => (await received).map(({ data }) => data[0]);

/** Endpoints whose messages arrive at once. */
function connected(size: number): WireEndpoint[] {
  const ends: WireEndpoint[] = Array.from(
    { length: size },
    (_, rank) => new WireEndpoint(rank, size, (to, message) => ends[to].deliver(rank, message)),
  );
  return ends;
}

const message = (sequence: number, channel = 'world/0'): WireMessage => ({ channel, sequence, tensors: [one(sequence)] });

describe('an endpoint on a wire', () => {
  it('keeps channels and senders apart, and each in its order', async () => {
    const [a, b, c] = connected(3);
    await a.send(2, 'world/0', [one(1)]);
    await b.send(2, 'world/0', [one(2)]);
    await a.send(2, 'world/1', [one(3)]);
    await a.send(2, 'world/0', [one(4)]);
    expect(await numbersIn(c.receive(0, 'world/1'))).toEqual([3]);
    expect(await numbersIn(c.receive(1, 'world/0'))).toEqual([2]);
    expect(await numbersIn(c.receive(0, 'world/0'))).toEqual([1]);
    expect(await numbersIn(c.receive(anyRank, 'world/0'))).toEqual([4]);
  });

  it('copies what is sent, to itself too', async () => {
    const [a, b] = connected(2);
    const t = one(1);
    await a.send(1, 'world/0', [t]);
    await a.send(0, 'world/0', [t]);
    t.data[0] = 9;
    expect(await numbersIn(b.receive(0, 'world/0'))).toEqual([1]);
    expect(await numbersIn(a.receive(0, 'world/0'))).toEqual([1]);
  });

  it('counts bytes by phase', async () => {
    const [a] = connected(3);
    await a.send(1, 'world/0', [tensorOf('f64', [3], [1, 2, 3])]);
    a.enter('backward');
    await a.send(2, 'world/0', [one(1), one(2)]);
    expect([...a.ledger.of('forward').sent]).toEqual([24, 0, 0]);
    expect([...a.ledger.of('backward').received]).toEqual([0, 0, 8]);
  });

  it('notices a message that is lost, and one that comes twice', async () => {
    const [[a], [b]] = [connected(2), connected(2)];
    const [lost, twice] = [a.receive(1, 'world/1'), b.receive(1, 'world/1')];
    a.deliver(1, message(0));
    a.deliver(1, message(2));
    await expect(lost).rejects.toMatchObject({ how: 'lost', message: expect.stringContaining('message 2 from rank 1') });
    b.deliver(1, message(0));
    b.deliver(1, message(0));
    await expect(twice).rejects.toMatchObject({ how: 'duplicate' });
    await expect(b.send(1, 'world/0', [])).rejects.toMatchObject({ how: 'duplicate' });
  });

  it('does not finish while a message is left over', async () => {
    const [a, b] = connected(2);
    await a.send(1, 'world/7', [one(1)]);
    await expect(Promise.all([a.finish(), b.finish()])).rejects.toMatchObject({
      how: 'unconsumed',
      message: 'nobody received message 0 from rank 0 to rank 1 on world/7',
    });
  });

  it('finishes when all have', async () => {
    const ends = connected(3);
    let done = false;
    const first = Promise.all([ends[0].finish(), ends[1].finish()]).then(() => {
      done = true;
    });
    await new Promise(setImmediate);
    expect(done).toBe(false);
    await ends[2].finish();
    await first;
  });

  it.each([
    ['before', 0],
    ['after', anyRank],
  ])('fails who waits for a rank that has ended, begun %s it', async (when, from) => {
    const [a, b] = connected(2);
    const waiting = when === 'before' ? b.receive(from, 'world/0') : undefined;
    const ended = a.finish();
    await expect(waiting ?? b.receive(from, 'world/0')).rejects.toMatchObject({
      how: 'deadlock',
      message: expect.stringContaining('which has ended'),
    });
    a.fail(new Error('the job is over'));
    await expect(ended).rejects.toThrow('the job is over');
  });

  it('says whom it waits for', () => {
    const [a, b] = connected(2);
    expect(a.waits()).toEqual(['rank 0 waits for no message']);
    void b.receive(anyRank, 'world/3');
    expect(b.waits()).toEqual(['rank 1 waits for any rank on world/3']);
  });
});
