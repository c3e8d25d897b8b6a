import { names } from '../../../src/tag/storage/names';
import { idOf, param } from '../../support/stack';
import { flapping, unreachable, up } from '../links';
import { Cannot, check, type Scenario } from '../scenario';
import type { Trial } from '../trial';

/** Several tabs of one visitor track at once while the relay comes and goes. */
const tabs = (amount: number): Scenario => ({
  name: `${amount}-tabs-flapping`,
  group: 'outage',
  async run(trial) {
    const { visitor } = trial;
    visitor.link = flapping(150);
    const pages = [];
    for (let at = 0; at < amount; at++) pages.push(await trial.open());
    for (let round = 0; round < 4; round++) {
      await Promise.all(pages.map(page => page.track(1 + round)));
      await trial.wait(100);
    }
    for (const page of pages.slice(1)) await page.close();
    await pages[0]!.close();
    await trial.comeBack();
  },
});

/** Whether the browser keeps a page without the tag for the way back. */
const keepsPlainPages = async (trial: Trial): Promise<boolean> => {
  const tab = await trial.emptyTab();
  const { elsewhere } = trial.site;
  await tab.open(elsewhere);
  await tab.run(`void addEventListener('pageshow', ({ persisted }) => { window.isBack = persisted })`);
  await tab.run(`void setTimeout(() => { location.href = '${elsewhere}?next' })`);
  const at = (search: string) => () => tab.run<boolean>(`location.search === '${search}'`).catch(() => false);
  await trial.poll(at('?next'), 'the next plain page');
  await tab.run(`void setTimeout(() => history.back(), 0)`);
  await trial.poll(at(''), 'the plain page again');
  return tab.run<boolean>('!!window.isBack');
};

/** Back and forth through pages that the browser keeps alive: left in peace in even trials, in the task of a call in odd ones. */
const bfcache: Scenario = {
  name: 'bfcache-back-and-forth',
  group: 'outage',
  async run(trial) {
    const inPeace = trial.number % 2 === 0;
    const first = await trial.open();
    if (inPeace) {
      // A request that is still on its way costs a page its place: on a busy machine half a second is no peace.
      await first.track(2);
      await trial.settle(first);
    }
    const second = await first.trackThenGo(inPeace ? 0 : 2, 0);
    await second.track(2);
    const { tab } = second;
    const move = async (way: 'back' | 'forward', to: typeof first) => {
      await tab.run(`void setTimeout(() => history.${way}(), 0)`);
      await trial.arrive(tab, to.page);
    };
    await move('back', first);
    // A page that was busy as it was left may be loaded anew: that is the browser's to decide.
    const { restored } = await first.run('0');
    if (inPeace && !restored) {
      check(!(await keepsPlainPages(trial)), 'the tag costs the page its place in the back/forward cache');
      throw new Cannot('it keeps no page for the way back');
    }
    await first.track(2);
    await move('forward', second);
    await second.track(2);
    await move('back', first);
    await first.track(1);
    await trial.delivered(first);
    await trial.comeBack(tab);
  },
};

const BOUND = 1_000;
const VIEWS = 400;
const OTHERS = 800;

/** 1,200 events offline: 1,000 are kept, and what is given up are page views, each of them told. */
const bound: Scenario = {
  name: '1200-events-offline',
  group: 'outage',
  mayDrop: true,
  async run(trial) {
    const { visitor } = trial;
    visitor.link = unreachable;
    const shop = await trial.open();
    await shop.run(`torture.view(${VIEWS})`);
    for (let left = OTHERS; left; left -= 100) await shop.track(100);
    // What was dropped in the last of these tasks is told at its end.
    await shop.run('0');
    await shop.close();
    await trial.comeBack();
    const accounts = [...trial.accounts.values()];
    const dropped = accounts.flatMap(account => account.dropped);
    // One page view each of the two pages makes by itself.
    const tracked = VIEWS + OTHERS + 2;
    check(
      dropped.length >= tracked - BOUND - 1 && dropped.length <= tracked - BOUND + 1,
      `${dropped.length} of ${tracked} events were dropped, the bound is ${BOUND}`,
    );
    const wrong = dropped.filter(({ event, reason }) => event !== 'pageViewed' || reason !== 'full');
    check(
      !wrong.length,
      `dropped although worth more than a page view: ${wrong[0]?.event} (${wrong[0]?.reason})`,
    );
    check(new Set(dropped.map(({ id }) => id)).size === dropped.length, 'a drop was told twice');
  },
};

/** 60 KB are tracked in the task that leaves the page: more than beacons may carry at once. */
const much: Scenario = {
  name: '60-kb-at-hide',
  group: 'outage',
  async run(trial) {
    const shop = await trial.open();
    const second = await shop.trackThenGo(6, trial.delay, 10_000);
    await trial.comeBack(second.tab);
  },
};

const EMAIL = 'ann@example.com';

/** The visitor signs in while offline: what was tracked before leaves with who they are. */
const signIn: Scenario = {
  name: 'sign-in-offline',
  group: 'outage',
  async run(trial) {
    const { visitor, stack } = trial;
    const email = `${visitor.host.replace('.', '-')}-${EMAIL}`;
    visitor.link = unreachable;
    const shop = await trial.open();
    await shop.track(2);
    await shop.run(`shoptrail.identify({ email: '${email}' })`);
    await shop.track(2);
    await shop.close();
    await trial.comeBack();
    await trial.poll(async () => !(await stack.ledger()).waiting.length, 'the events at the platform');
    const ids = new Set([...trial.accounts.values()].flatMap(({ calls }) => calls.map(({ id }) => id)));
    const mine = (await stack.events()).filter(event => ids.has(idOf(event)));
    const strange = mine.filter(event => event.keyValue !== email || param(event, 'email') !== email);
    check(!strange.length, `${strange.length} of ${mine.length} events do not carry the address`);
  },
};

/** Twenty pages, 300 ms apart, with an event on each at a time of its own. */
const hurried: Scenario = {
  name: 'page-load-every-300-ms',
  group: 'outage',
  together: 3,
  async run(trial) {
    let shop = await trial.open();
    for (let page = 1; page < 20; page++) {
      const begun = Date.now();
      shop = await shop.trackThenGo(1, (page * 7) % 60);
      await trial.wait(Math.max(0, 300 - (Date.now() - begun)));
    }
    await trial.comeBack(shop.tab);
  },
};

/** A queue that the tag of an earlier version has left is delivered by this one. */
const olderTags = (files: string[]): Scenario => ({
  name: 'older-tags-queue',
  group: 'outage',
  together: 4,
  cannot: () => (files.length ? undefined : 'there is no older tag yet in test/delivery/older'),
  async run(trial: Trial) {
    const { visitor } = trial;
    visitor.tag = files[trial.number % files.length]!;
    visitor.link = unreachable;
    const shop = await trial.open();
    await shop.track(3);
    await shop.close();
    visitor.tag = 'shoptrail.js';
    visitor.link = up;
    await trial.comeBack();
  },
});

/** Another person signs in while the relay renews the cookie of the one before: its late answer must not bring them back. */
const renewal: Scenario = {
  name: 'renewal-overtaken',
  group: 'outage',
  async run(trial) {
    const { visitor } = trial;
    const { renewals } = visitor;
    const shop = await trial.open();
    await trial.settle(shop);
    if (!renewals.asked) throw new Cannot('the tag asks for no renewal here: only WebKit drops its cookie');
    renewals.waits.push(300 + 10 * trial.delay);
    await shop.run(`shoptrail.identify({ email: 'ann@shop.test' })`);
    await trial.until(() => renewals.asked > 1, 'the renewal for the first person');
    await shop.run(`shoptrail.identify({ email: 'bob@shop.test' })`);
    const visitorOfCookie = () => shop.tab.run<string>(`/${names.visitor}=([^.]*)/.exec(document.cookie)[1]`);
    const bob = await visitorOfCookie();
    const areAnswered = () => renewals.answered > 2 && renewals.answered === renewals.asked;
    await trial.until(areAnswered, 'the renewal for the second person');
    // The page has had both answers when it has done one thing more.
    await shop.track(1);
    await trial.settle(shop);
    check((await visitorOfCookie()) === bob, 'the cookie went back to who was there before');
  },
};

export const visits = (older: string[]) => [
  bound,
  tabs(2),
  tabs(5),
  bfcache,
  much,
  signIn,
  hurried,
  renewal,
  olderTags(older),
];
