import { inTurn, type Passage, slow, status, truncated, unreachable, up } from '../links';
import { check, type Scenario } from '../scenario';
import type { Trial } from '../trial';

/** Three pages with some events on each. Ends on the third. */
const visit = async (trial: Trial) => {
  const first = await trial.open();
  const second = await first.trackThenGo(2);
  const third = await second.trackThenGo(3);
  await third.track(2);
  return third;
};

/** The network is gone while the visitor is there, and back when they return. */
const offline: Scenario = {
  name: 'offline-closed-online',
  group: 'outage',
  async run(trial) {
    const { visitor } = trial;
    const browser = trial.browser();
    const shop = await trial.open();
    visitor.link = unreachable;
    // Where the driver can, the browser knows it, too: navigator.onLine is false.
    await browser.setOffline?.(true);
    await shop.track(3);
    await shop.track(2);
    await shop.close();
    await browser.setOffline?.(false);
    await trial.comeBack();
  },
};

/** The relay is down from the first page to the last. */
const down: Scenario = {
  name: 'relay-down-all-visit',
  group: 'outage',
  async run(trial) {
    await trial.stack.stopRelay();
    const last = await visit(trial);
    await last.close();
    await trial.stack.restartRelay();
    await trial.comeBack();
  },
};

/** 503 with and without Retry-After; the page stays. */
const unavailable: Scenario = {
  name: 'relay-503',
  group: 'outage',
  together: 4,
  async run(trial) {
    trial.visitor.link = inTurn(status(503), status(503, { 'retry-after': '1' }), up);
    const shop = await trial.open();
    await shop.track(3);
    await trial.settle(shop);
  },
};

/** What stands before the relay answers 400 to everything: wrongly set up, or the visitor has too many cookies for it. */
const refusing: Scenario = {
  name: 'proxy-400',
  group: 'outage',
  together: 4,
  async run(trial) {
    trial.visitor.link = inTurn(status(400), status(422), status(400), up);
    const shop = await trial.open();
    await shop.track(3);
    await trial.settle(shop);
  },
};

const RETRY_AFTER = 2;

/** 429 with Retry-After, in seconds and as a date: no request comes before, from this tab or another. */
const tooMany: Scenario = {
  name: 'relay-429',
  group: 'outage',
  together: 4,
  async run(trial) {
    const { visitor } = trial;
    let askedUntil = 0;
    const early: number[] = [];
    visitor.link = passage => {
      if (!askedUntil) {
        // A date has whole seconds: the next one after the time that is meant.
        const date = new Date(Math.ceil(Date.now() / 1_000 + RETRY_AFTER) * 1_000);
        askedUntil = trial.number % 2 ? date.getTime() : Date.now() + RETRY_AFTER * 1_000;
        const header = trial.number % 2 ? date.toUTCString() : `${RETRY_AFTER}`;
        return status(429, { 'retry-after': header })(passage);
      }
      // 20 ms for clocks that round.
      if (Date.now() < askedUntil - 20) early.push(askedUntil - Date.now());
      return up(passage);
    };
    const shop = await trial.open();
    await trial.until(() => visitor.exchanges.some(({ answered }) => answered === 429), 'the 429');
    await shop.track(2);
    const other = await trial.open();
    await other.track(2);
    await trial.settle(shop);
    await trial.settle(other);
    check(!early.length, `a request came ${early[0]} ms before Retry-After`);
  },
};

/** 200, but the body ends in the middle: the tag knows nothing, the relay has everything. */
const cutAnswer: Scenario = {
  name: 'relay-truncated-200',
  group: 'outage',
  together: 4,
  async run(trial) {
    trial.visitor.link = inTurn(truncated, truncated, up);
    const shop = await trial.open();
    await shop.track(3);
    await trial.settle(shop);
    await shop.track(1);
    await trial.settle(shop);
  },
};

/** Every request takes three seconds; the visitor does not wait for it. */
const verySlow: Scenario = {
  name: 'relay-very-slow',
  group: 'outage',
  together: 4,
  async run(trial) {
    trial.visitor.link = slow(3_000);
    const last = await visit(trial);
    await last.close();
    await trial.comeBack();
  },
};

/**
 * SIGKILL of the relay when a request comes, once; then it is started again.
 * @param meanwhile what happens to the request before the kill; the browser gets an answer only from there
 */
const killRelayAt = async (trial: Trial, count: number, meanwhile: (passage: Passage) => Promise<void>) => {
  const { visitor, stack } = trial;
  const shop = await trial.open();
  await trial.settle(shop);
  const killed = new Promise<void>(resolve => {
    let kill: Promise<void> | undefined;
    visitor.link = async passage => {
      await meanwhile(passage);
      kill ??= stack.stopRelay('SIGKILL').then(resolve);
      await kill;
      passage.response.destroy();
    };
  });
  await shop.track(count);
  await killed;
  await stack.restartRelay();
  visitor.link = up;
  await trial.settle(shop);
};

/** The relay dies while it reads a request: nothing of it was stored. */
const killedBefore: Scenario = {
  name: 'relay-killed-before-commit',
  group: 'outage',
  run: trial => killRelayAt(trial, 3, ({ askHalf }) => askHalf()),
};

/** The relay dies when it has stored a request and before the browser hears of it. */
const killedAfter: Scenario = {
  name: 'relay-killed-after-commit',
  group: 'outage',
  run: trial =>
    killRelayAt(trial, 3, async ({ ask }) => {
      await ask();
    }),
};

/** The relay dies some milliseconds after it got a request, perhaps with events on their way to the platform. */
const killedAnywhere: Scenario = {
  name: 'relay-killed-anywhere',
  group: 'outage',
  run: trial =>
    killRelayAt(trial, 12, async passage => {
      void up(passage);
      await trial.wait(trial.delay / 3);
    }),
};

export const relayTroubles = [
  offline,
  down,
  unavailable,
  refusing,
  tooMany,
  cutAnswer,
  verySlow,
  killedBefore,
  killedAfter,
  killedAnywhere,
];
