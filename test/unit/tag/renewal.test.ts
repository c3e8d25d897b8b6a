import { expect, it } from 'vitest';
import { createRenewal } from '../../../src/tag/identity/renewal';
import { createJar } from './jar';

/** A relay whose answers come when the test lets them, and set the cookie as a `Set-Cookie` does. */
const setUp = () => {
  const jar = createJar();
  const asked: string[] = [];
  const answers: ((isAllowed: boolean) => void)[] = [];
  const renew = createRenewal({
    ...jar,
    ask: value => {
      asked.push(value);
      return new Promise(done => answers.push(done));
    },
  });
  const settled = () => new Promise(done => setTimeout(done));
  return {
    jar,
    asked,
    put: (value: string) => {
      jar.write(value);
      renew(value, 'shop.test');
    },
    answer: (at: number) => {
      jar.write(asked[at]!);
      answers[at]!(true);
      return settled();
    },
    fail: (at: number, isAllowed: boolean) => {
      answers[at]!(isAllowed);
      return settled();
    },
  };
};

it('asks once for one value', async () => {
  const { put, answer, asked, jar } = setUp();
  put('ann');
  await answer(0);
  expect(asked).toEqual(['ann']);
  expect(jar.read()).toBe('ann');
});

it('gives the cookie back to who came while the answer was on its way, and asks for them next', async () => {
  const { put, answer, asked, jar } = setUp();
  put('ann');
  put('bob');
  put('bob.k');
  expect(asked).toEqual(['ann']);
  await answer(0);
  expect(jar.read()).toBe('bob.k');
  expect(asked).toEqual(['ann', 'bob.k']);
  await answer(1);
  expect(jar.read()).toBe('bob.k');
  expect(asked).toHaveLength(2);
});

it('does not write over what another tab has put, nor over a cookie that was removed', async () => {
  const { put, answer, jar } = setUp();
  put('ann');
  put('bob');
  const removed = answer(0);
  jar.remove();
  await removed;
  expect(jar.read()).toBeUndefined();
});

it('asks for who came meanwhile though there was no answer', async () => {
  const { put, fail, asked, jar } = setUp();
  put('ann');
  put('bob');
  await fail(0, true);
  expect(jar.read()).toBe('bob');
  expect(asked).toEqual(['ann', 'bob']);
});

it('asks for nothing more once the visitor allows it no more', async () => {
  const { put, fail, asked, jar } = setUp();
  put('ann');
  put('bob');
  jar.remove();
  await fail(0, false);
  expect(asked).toEqual(['ann']);
  expect(jar.read()).toBeUndefined();
});
