/**
 * The least that keeps an event: an id in a cookie, a database, one record in the transaction that makes it. It asks
 * nobody for consent, looks at nothing that was there before, checks nothing and sends nothing. What it costs a first
 * page tells how much of a limit is left for the rest of a tag:
 *
 *     node bench/run.mjs --rows main --tag bench/floor.js
 */
const keep = () => {
  const id = crypto.randomUUID();
  const opening = indexedDB.open('floor');
  opening.onupgradeneeded = () => {
    const domain = location.hostname.split('.').slice(-2).join('.');
    // biome-ignore lint/suspicious/noDocumentCookie: as the tag does
    document.cookie = `floor=${id}; path=/; samesite=lax; max-age=34560000; domain=${domain}`;
    const params = [{ name: 'page', value: location.href }];
    const kept = opening.result.createObjectStore('kept');
    kept.put({ id, at: Date.now(), eventTypeKey: 'pageViewed', params }, id);
    opening.transaction.commit();
  };
};

window.shoptrail = { init: () => setTimeout(keep), track() {} };
