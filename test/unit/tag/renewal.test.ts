import { expect, it } from 'vitest';
import { createRenewal } from '../../../src/tag/identity/renewal';
import { createJar } from './jar';

/** A relay whose answers come when the test lets them, and set the cookie as a `Set-Cookie` does. */
const setUp = () => {
  const jar = createJar();
  const asked: string[] = [];
  const answers: ((there: boolean) => void)[] = [];
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
    fail: (at: number) => {
      answers[at]!(false);
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

it('asks for nothing more when there was no answer: the page may end, or consent may have', async () => {
  const { put, fail, answer, asked, jar } = setUp();
  put('ann');
  put('bob');
  await fail(0);
  expect(asked).toEqual(['ann']);
  expect(jar.read()).toBe('bob');
  put('carl');
  await answer(1);
  expect(asked).toEqual(['ann', 'carl']);
});
