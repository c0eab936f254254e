import { expect, it } from 'vitest';
import { Turns } from '../../../renderer/state/turns';

/** An answer that comes when it is given. */
function pending() {
  let give = { resolve: (_: string) => {}, reject: (_: Error) => {} };
  const promise = new Promise<string>((resolve, reject) => {
    give = { resolve, reject };
  });
  return { promise, resolve: (value: string) => give.resolve(value), reject: (error: Error) => give.reject(error) };
}

it('asks each when the one before is answered, or has failed', async () => {
  const turns = new Turns();
  const asked: string[] = [];
  const [first, second] = [pending(), pending()];
  const ask = (name: string, answer: Promise<string>) =>
    turns.take(() => {
      asked.push(name);
      return answer;
    });
  const results = Promise.allSettled([
    ask('first', first.promise),
    ask('second', second.promise),
    ask('third', Promise.resolve('c')),
  ]);
  await Promise.resolve();
  expect(asked).toEqual(['first']);
  expect(turns.waiting).toBe(3);

  first.reject(new Error('refused'));
  second.resolve('b');
  expect(await results).toEqual([
    { status: 'rejected', reason: new Error('refused') },
    { status: 'fulfilled', value: 'b' },
    { status: 'fulfilled', value: 'c' },
  ]);
  expect(asked).toEqual(['first', 'second', 'third']);
  expect(turns.waiting).toBe(0);
});
