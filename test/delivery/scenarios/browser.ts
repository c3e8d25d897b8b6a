import { names } from '../../../src/tag/storage/names';
import { RETRY_AT } from '../../../src/tag/trail';
import { status, unreachable, up } from '../links';
import {
  clockShift,
  connectionLost,
  cookiesRefused,
  databaseBreaks,
  databaseFails,
  databaseRefused,
  databaseSilent,
  quotaExhausted,
} from '../page-scripts';
import { check, type Scenario } from '../scenario';
import type { Call, Trial } from '../trial';

/** A visit in a browser that keeps little or nothing: what it has must leave while the page is there, or with it. */
const fragileVisit = async (trial: Trial) => {
  const first = await trial.open();
  await first.track(2);
  await trial.settle(first);
  const second = await first.trackThenGo(3);
  await trial.settle(second);
  return second;
};

const isDegraded = (trial: Trial) =>
  check(
    [...trial.accounts.values()].some(({ degraded }) => degraded),
    `on('degraded') was not told`,
  );

/** After a few writes there is no room: put() throws QuotaExceededError, and localStorage has none either (a stub). */
const quota: Scenario = {
  name: 'quota-exhausted',
  group: 'outage',
  together: 4,
  async run(trial) {
    const room = trial.number % 5;
    trial.visitor.before = quotaExhausted(room);
    await fragileVisit(trial);
    // The page view and two more: with room for them, what finds none is written as the page ends, and nobody is there
    // to be told.
    if (room < 3) isDegraded(trial);
  },
};

/** The same by the browser's own accounting, where its driver can set it: the transaction is aborted. */
const realQuota: Scenario = {
  name: 'quota-exhausted-for-real',
  group: 'outage',
  together: 4,
  cannot: ({ limitStorage }) => (limitStorage ? undefined : 'the driver cannot set a quota'),
  async run(trial) {
    const { host } = trial.visitor;
    const tab = await trial.emptyTab();
    await tab.open(trial.site.elsewhere);
    await trial.browser().limitStorage!(tab, `http://${host}:${trial.site.port}`, 1);
    const first = await trial.open(tab);
    await first.track(2, 'counted', 5_000);
    await trial.settle(first);
    const second = await first.trackThenGo(3);
    await trial.settle(second);
  },
};

/** IndexedDB is there and may not be opened: it throws at once in odd trials, and fails later in even ones. */
const noDatabase = ({ number }: Trial) => (number % 2 ? databaseRefused : databaseFails);

/** A visit to a shop that has no database. */
const refused: Scenario = {
  name: 'database-refused',
  group: 'outage',
  together: 4,
  async run(trial) {
    trial.visitor.before = noDatabase(trial);
    await fragileVisit(trial);
    isDegraded(trial);
  },
};

/** The same, and no network for a page: what that page leaves is in its journal alone, and the next one delivers it. */
const refusedOffline: Scenario = {
  name: 'database-refused-offline',
  group: 'outage',
  together: 4,
  async run(trial) {
    const { visitor } = trial;
    visitor.before = noDatabase(trial);
    visitor.link = passage => (passage.page === 1 ? unreachable : up)(passage);
    const first = await trial.open();
    await first.track(2);
    const second = await first.trackThenGo(3);
    await trial.settle(second);
    isDegraded(trial);
  },
};

/**
 * The same in two tabs whose pages take turns: each takes over what the other tab's living page has in its journal, and
 * that page writes it again. It must not grow by that.
 */
const refusedTabs: Scenario = {
  name: 'database-refused-two-tabs',
  group: 'outage',
  together: 4,
  async run(trial) {
    const { visitor } = trial;
    visitor.before = noDatabase(trial);
    visitor.link = unreachable;
    let one = await trial.open();
    let other = await trial.open();
    for (let round = 0; round < 4; round++) {
      await other.track(1);
      one = await one.trackThenGo(1);
      await one.track(1);
      other = await other.trackThenGo(1);
    }
    const tracked = [...trial.accounts.values()].flatMap(({ calls }) => calls).length;
    const longest = await other.tab.run<number>(
      `Math.max(...Object.keys(localStorage).filter(key => key.startsWith('${names.journal}')).map(key => JSON.parse(localStorage[key]).length))`,
    );
    check(longest <= tracked, `a journal has ${longest} entries for ${tracked} events`);
    await one.close();
    await other.close();
    await trial.comeBack();
  },
};

/** After a few transactions the database throws for good. */
const breaks: Scenario = {
  name: 'database-breaks-half-way',
  group: 'outage',
  together: 4,
  async run(trial) {
    trial.visitor.before = databaseBreaks(1 + (trial.number % 5));
    await fragileVisit(trial);
  },
};

/** The connection is lost once (Safari): opened again, it works, and keeps what was tracked for the next visit. */
const lost: Scenario = {
  name: 'database-connection-lost',
  group: 'outage',
  together: 4,
  async run(trial) {
    const { visitor } = trial;
    visitor.before = connectionLost(1 + (trial.number % 5));
    const shop = await trial.open();
    visitor.link = unreachable;
    await shop.track(2);
    await shop.track(2);
    await shop.close();
    visitor.before = '';
    await trial.comeBack();
  },
};

/** The database opens and answers nothing for a whole visit: the page does without, and the next one finds everything. */
const silent: Scenario = {
  name: 'database-silent',
  group: 'outage',
  together: 4,
  async run(trial) {
    const { visitor } = trial;
    visitor.link = unreachable;
    const first = await trial.open();
    await first.track(2);
    await first.close();
    visitor.link = up;
    visitor.before = databaseSilent(names.database);
    const deaf = await trial.open();
    const { calls } = await deaf.track(2);
    const isStored = ({ id, n }: Call) => visitor.stored.has((id ?? visitor.idOf(n!))!);
    await trial.until(() => calls.every(isStored), 'what the page without an answer has tracked');
    await deaf.track(1);
    isDegraded(trial);
    await deaf.close();
    visitor.before = '';
    await trial.comeBack();
  },
};

/** Cookies are off in the browser's own settings; Chromium and Firefox refuse IndexedDB with them. */
const cookies: Scenario = {
  name: 'cookies-refused',
  group: 'outage',
  together: 4,
  refuseCookies: true,
  async run(trial) {
    await fragileVisit(trial);
  },
};

/** Only cookies are refused: the queue is kept, and delivered by the next page. */
const onlyCookies: Scenario = {
  name: 'cookies-refused-database-kept',
  group: 'outage',
  together: 4,
  async run(trial) {
    const { visitor } = trial;
    visitor.before = cookiesRefused;
    const shop = await trial.open();
    visitor.link = unreachable;
    await shop.track(3);
    await shop.close();
    await trial.comeBack();
  },
};

/** A shop without https: no Web Locks, no randomUUID. */
const plainHttp: Scenario = {
  name: 'plain-http',
  group: 'outage',
  together: 4,
  plainHttp: true,
  async run(trial) {
    const { visitor } = trial;
    const shop = await trial.open();
    const has = await shop.tab.run<boolean>('!!navigator.locks || !!crypto.randomUUID');
    check(!has, 'the page has Web Locks or randomUUID: this is no plain http to the browser');
    const second = await shop.trackThenGo(2);
    visitor.link = unreachable;
    const other = await trial.open();
    await second.track(2);
    await other.track(2);
    await second.close();
    await other.close();
    await trial.comeBack();
  },
};

const HOUR = 3_600_000;

/** The clock is set back an hour: within a page in odd trials, between two visits in even ones. */
const clock: Scenario = {
  name: 'clock-set-back',
  group: 'outage',
  together: 4,
  async run(trial) {
    const { visitor } = trial;
    visitor.link = unreachable;
    const shop = await trial.open();
    await shop.track(2);
    if (trial.number % 2) await shop.tab.run(`void eval(${JSON.stringify(clockShift(-HOUR))})`);
    await shop.track(2);
    // A failure before the clock moves: the wait it asked for must not become an hour longer.
    await trial.until(() => visitor.exchanges.some(({ ended }) => ended), 'a failed request');
    await shop.close();
    visitor.link = up;
    visitor.before = clockShift(-HOUR);
    const next = await trial.open();
    await next.track(1);
    await trial.settle(next);
  },
};

/** Whether the database has the time at which the relay wants to be asked again. */
const RETRY_AT_KEPT = `new Promise(resolve => {
  const request = indexedDB.open('${names.database}');
  request.onsuccess = () => {
    const database = request.result;
    const [store] = database.objectStoreNames;
    const asked = database.transaction(store).objectStore(store).get(${JSON.stringify(RETRY_AT)});
    asked.onsuccess = () => {
      database.close();
      resolve(!!asked.result);
    };
  };
})`;

/** The clock is a day or forty ahead when the relay asks for a minute, and right at the next visit: nobody waits for days. */
const clockAhead: Scenario = {
  name: 'clock-ahead-at-429',
  group: 'outage',
  together: 4,
  async run(trial) {
    const { visitor } = trial;
    visitor.before = clockShift((trial.number % 2 ? 1 : 40) * 24 * HOUR);
    visitor.link = status(429, { 'retry-after': '60' });
    const shop = await trial.open();
    await shop.track(2);
    await trial.poll(() => shop.tab.run<boolean>(RETRY_AT_KEPT), 'the time in the database');
    await shop.close();
    visitor.before = '';
    await trial.comeBack();
  },
};

export const browserTroubles = [
  quota,
  realQuota,
  refused,
  refusedOffline,
  refusedTabs,
  breaks,
  lost,
  silent,
  cookies,
  onlyCookies,
  plainHttp,
  clock,
  clockAhead,
];
