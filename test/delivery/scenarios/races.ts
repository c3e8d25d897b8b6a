import { crowd } from '../crowd';
import { answerLost, unreachable, up } from '../links';
import { Cannot, type Scenario } from '../scenario';
import type { Trial } from '../trial';

/** How long the tag gathers a burst: from "a request is on its way at the act" to "everything is still here". */
const delays = [200, 0, 30, 1000];
const gather = ({ visitor, number }: Trial) => {
  visitor.delay = delays[number % delays.length]!;
};

/** Every third visitor is offline until they come back: nothing but what the browser keeps can bring the events. */
const prepare = (trial: Trial) => {
  gather(trial);
  if (trial.number % 3 === 1) trial.visitor.link = unreachable;
};

/** Follows a link to another page of the shop. */
const navigateSameSite: Scenario = {
  name: 'navigate-same-site',
  group: 'race',
  async run(trial) {
    prepare(trial);
    const first = await trial.open();
    const second = await first.trackThenGo(trial.count);
    await second.track(1);
    await trial.comeBack(second.tab);
  },
};

/**
 * A page whose own script tracks before the tag is there, and leaves as soon as the tag says it was tracked: the database is
 * not open yet. Nobody can ask such a page; but it leaves only when the tag has all of it.
 */
const leaveAtLoad: Scenario = {
  name: 'leave-at-load',
  group: 'race',
  async run(trial) {
    prepare(trial);
    const { visitor, delay } = trial;
    const first = await trial.open();
    const hasty = visitor.nextPage();
    const last = visitor.nextPage();
    const { calls, words } = trial.script(trial.count);
    visitor.inPage.set(
      hasty.page,
      `${words};
      let left;
      shoptrail.on('tracked', () => left ??= torture.after(${delay}, () => { location.href = '${last.url}' }) ?? true);`,
    );
    await first.run(`setTimeout(() => { location.href = '${hasty.url}' })`);
    const { tab } = await trial.arrive(first.tab, last.page);
    trial.note(hasty.page, calls);
    await trial.comeBack(tab);
  },
};

/**
 * The visitor's very first page leaves as soon as its view was tracked, which goes into the transaction that makes the
 * database. It tells the next page the ids, by the address.
 */
const leaveAtFirstLoad: Scenario = {
  name: 'leave-at-first-load',
  group: 'race',
  async run(trial) {
    prepare(trial);
    const { visitor, delay, site } = trial;
    const first = visitor.nextPage();
    const next = visitor.nextPage();
    visitor.inPage.set(
      first.page,
      `const ids = [];
      shoptrail.on('tracked', ({ id }) => {
        if (ids.push(id) === 1) torture.after(${delay}, () => { location.href = '${next.url}?' + ids });
      });`,
    );
    const tab = await trial.emptyTab();
    await tab.open(site.elsewhere);
    await tab.run(`void setTimeout(() => { location.href = '${first.url}' })`);
    const second = await trial.arrive(tab, next.page);
    const ids = (await tab.run<string>('location.search')).slice(1).split(',');
    trial.note(
      first.page,
      ids.map(id => ({ event: 'pageViewed', id })),
    );
    await second.track(trial.count);
    await trial.comeBack(tab);
  },
};

/** Follows a link to another site. */
const navigateOtherSite: Scenario = {
  name: 'navigate-other-site',
  group: 'race',
  async run(trial) {
    prepare(trial);
    const { tab, ...shop } = await trial.open();
    await shop.trackThen(trial.count, `location.href = '${trial.site.elsewhere}'`);
    const hasLeft = () => tab.run<boolean>(`document.title === 'Another site'`).catch(() => false);
    await trial.poll(hasLeft, 'the other site');
    await trial.comeBack(tab);
  },
};

/** The visitor closes the tab. */
const closeTab: Scenario = {
  name: 'close-tab',
  group: 'race',
  async run(trial) {
    prepare(trial);
    const shop = await trial.open();
    await shop.track(trial.count);
    if (trial.delay) await trial.wait();
    await shop.close();
    await trial.comeBack();
  },
};

/** The same where the machine is busy with something else: the browser does not wait for a page that is slow to end. */
const closeTabBusy: Scenario = {
  name: 'close-tab-busy',
  group: 'race',
  async run(trial) {
    prepare(trial);
    const shop = await trial.open();
    const calm = crowd();
    try {
      await shop.track(trial.count);
      if (trial.delay) await trial.wait();
      await shop.close();
    } finally {
      calm();
    }
    await trial.comeBack();
  },
};

/** The page closes its own window, in the task of the call when the delay is 0. */
const closeItself: Scenario = {
  name: 'close-itself',
  group: 'race',
  async run(trial) {
    prepare(trial);
    const { visitor } = trial;
    const opener = await trial.emptyTab();
    const next = visitor.nextPage();
    await opener.open(next.url.replace('/shop/', '/opener/'));
    await opener.run(`void (window.popup = window.open('${next.url}'))`);
    const popup = trial.popup(opener, next.page);
    if (!(await opener.run<boolean>('!!window.popup'))) throw new Cannot('a page may not open a window here');
    await popup.ready();
    // The account comes from the opener's side, so the end of the popup cannot cost it.
    await popup.trackThen(trial.count, 'popup.close()');
    await trial.poll(() => opener.run('popup.closed'), 'the end of the popup');
    await trial.comeBack();
  },
};

/** The renderer crashes: no handler runs. */
const crash: Scenario = {
  name: 'renderer-crash',
  group: 'race',
  async run(trial) {
    prepare(trial);
    const shop = await trial.open();
    await shop.hireWitness();
    const aimed = trial.browser().aim();
    await shop.trackWitnessed(trial.count);
    if (trial.delay) await trial.wait();
    await trial.crash(aimed);
    await trial.comeBack();
  },
};

/** SIGKILL of the browser, which is started again on its profile. */
const killBrowser: Scenario = {
  name: 'kill-browser',
  group: 'race',
  async run(trial) {
    prepare(trial);
    const shop = await trial.open();
    await shop.hireWitness();
    const aimed = trial.browser().aim();
    await shop.trackWitnessed(trial.count);
    if (trial.delay) await trial.wait();
    await trial.restart(aimed);
    await trial.comeBack();
  },
};

/** The relay has the events, the answer is lost, and the visitor goes on: nobody on this side knows. */
const inDoubt: Scenario = {
  name: 'in-doubt',
  group: 'race',
  async run(trial) {
    const { visitor } = trial;
    gather(trial);
    visitor.link = passage => (passage.page === 1 ? answerLost : up)(passage);
    const first = await trial.open();
    const second = await first.trackThenGo(trial.count);
    await trial.comeBack(second.tab);
  },
};

/** The same with a closed tab: what is left is an orphan of a page that nothing leads back to. */
const inDoubtClosed: Scenario = {
  name: 'in-doubt-closed',
  group: 'race',
  async run(trial) {
    const { visitor } = trial;
    gather(trial);
    visitor.link = answerLost;
    const shop = await trial.open();
    await shop.track(trial.count);
    if (trial.delay) await trial.wait();
    await shop.close();
    await trial.comeBack();
  },
};

export const races = [
  navigateSameSite,
  leaveAtLoad,
  leaveAtFirstLoad,
  navigateOtherSite,
  closeTab,
  closeTabBusy,
  closeItself,
  crash,
  killBrowser,
  inDoubt,
  inDoubtClosed,
];
