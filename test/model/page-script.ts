import { stub } from '../support/stub';

/** What a page of the test shop runs before the tag: the early-call stub, and what the test asks of the page. */
export const recorder = `
${stub};
{
  const views = [];
  let waiting = [], database, hidden = false, left = 0;
  shoptrail.on('tracked', ({ event, id }) => {
    if (event !== 'pageViewed') return;
    views.push(id);
    for (const go of waiting.splice(0)) go();
  });
  // A page of a headless browser is never hidden by another tab.
  const { get } = Object.getOwnPropertyDescriptor(Document.prototype, 'visibilityState');
  Object.defineProperty(document, 'visibilityState', { get: () => hidden ? 'hidden' : get.call(document) });

  const id = () => /(?:^|; )shoptrail_id=([^.;]*)/.exec(document.cookie)?.[1];
  // Only after the tag has made it.
  const store = () => database ??= new Promise((resolve, reject) => {
    const request = indexedDB.open('shoptrail');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const ask = async question => {
    const request = question((await store()).transaction('kept').objectStore('kept'));
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  };
  // Looks again and again, for five seconds.
  const until = async look => {
    for (const end = Date.now() + 5000; ; ) {
      if (await look()) return true;
      if (Date.now() > end) return false;
      await new Promise(resolve => setTimeout(resolve, 3));
    }
  };

  window.visit = {
    // The id of the view that the tag tracks when it has read who is here, and of that after a way back to this page.
    async viewed() {
      while (views.length <= left) await new Promise(resolve => waiting.push(resolve));
      return views[views.length - 1];
    },
    // On to another page as soon as the tag is there.
    goesOn(url) {
      document.addEventListener('load', ({ target }) => { if (target.src) location.href = url }, true);
    },
    leaves() { left = views.length },
    look(seen) {
      hidden = !seen;
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    },
    // Until the cookie has none of these ids, and what is known of the visitor stands in the table.
    async tookEffect(others, known) {
      const holds = await until(async () => {
        if (others.includes(id())) return false;
        const row = known && await ask(store => store.get(['p', id()])) || {};
        return Object.entries(known || {}).every(([field, value]) => row[field] === value);
      });
      return { id: id(), at: Date.now(), holds };
    },
    sees: expected => until(() => id() === expected),
    // Until the browser keeps only so many events.
    keeps: count => until(async () =>
      (await ask(store => store.getAllKeys())).filter(([kind]) => kind === 'e').length === count),
  };
}
`;
