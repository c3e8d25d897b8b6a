/** The script of the history pages: new events appear, the list can be paused, a body can be copied. Everything else works without it. */
export const SCRIPT = `'use strict';
(() => {
  for (const button of document.querySelectorAll('[data-copy]')) {
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
        button.textContent = 'Copied';
      } catch {
        button.textContent = 'Copying is not allowed here';
      }
    });
  }

  const list = document.getElementById('events');
  if (!list || list.dataset.after === undefined) return;

  const byId = id => document.getElementById(id);
  const onlyType = list.dataset.type;
  const waiting = [];
  let paused = false;
  let unsaid = 0;

  const setState = text => {
    byId('state').textContent = text;
  };
  const showState = () =>
    setState(paused ? (waiting.length ? waiting.length + ' waiting' : 'Paused') : 'Live');

  function setWho(row, { tie, who, contactId }) {
    const element = document.createElement(contactId === null ? 'span' : 'a');
    if (contactId !== null) element.href = '/history/contacts/' + contactId;
    element.textContent = who;
    element.dataset.slot = 'who';
    if (tie === 'joined') element.title = 'joined by cookie id';
    row.dataset.tie = tie;
    row.querySelector('[data-slot="who"]').replaceWith(element);
  }

  // Signing in gives the anonymous lines of the same cookie id a name; a second person on it takes the name away.
  function joinEarlier({ tie, cookie, owned, who, contactId }) {
    if (tie !== 'contact' || !cookie) return;
    for (const row of list.children) {
      if (row.dataset.cookie !== cookie) continue;
      if (owned && row.dataset.tie === 'anonymous') setWho(row, { tie: 'joined', who, contactId });
      if (!owned && row.dataset.tie === 'joined') {
        setWho(row, { tie: 'anonymous', who: 'anonymous ' + cookie.slice(0, 8) + '…', contactId: null });
      }
    }
  }

  function makeRow(view) {
    const row = byId('row').content.firstElementChild.cloneNode(true);
    const slot = name => row.querySelector('[data-slot="' + name + '"]');
    row.dataset.kind = view.kind;
    row.dataset.cookie = view.cookie;
    slot('open').href = '/history/events/' + view.n;
    slot('type').textContent = view.type;
    slot('time').textContent = view.time;
    slot('time').dateTime = view.iso;
    slot('time').title = view.day;
    slot('summary').textContent = view.summary;
    setWho(row, view);
    for (const text of view.badges) {
      const badge = document.createElement('span');
      badge.className = 'badge';
      badge.textContent = text;
      slot('badges').append(badge);
    }
    row.classList.add('is-new');
    return row;
  }

  function show(view) {
    byId('empty')?.remove();
    list.prepend(makeRow(view));
    while (list.children.length > 500) list.lastElementChild.remove();
    unsaid++;
  }

  function count(view) {
    const total = byId('total');
    total.textContent = Number(total.textContent) + 1;
    const types = [...byId('types').children];
    let row = types.find(item => item.dataset.type === view.type);
    if (!row) {
      row = byId('type-row').content.firstElementChild.cloneNode(true);
      row.dataset.type = view.type;
      row.dataset.kind = view.kind;
      row.querySelector('a').href = '/history?type=' + encodeURIComponent(view.type);
      row.querySelector('.name').textContent = view.type;
      byId('types').append(row);
    }
    const number = row.querySelector('.count');
    number.textContent = Number(number.textContent) + 1;
  }

  // A screen reader hears a count now and then, not every line of a burst.
  setInterval(() => {
    if (unsaid === 0) return;
    byId('said').textContent = unsaid + (unsaid === 1 ? ' new event' : ' new events');
    unsaid = 0;
  }, 3000);

  byId('live').hidden = false;
  byId('pause').addEventListener('click', () => {
    paused = !paused;
    byId('pause').setAttribute('aria-pressed', String(paused));
    byId('live').dataset.state = paused ? 'paused' : 'on';
    if (!paused) for (const view of waiting.splice(0)) show(view);
    showState();
  });

  const source = new EventSource('/history/stream?after=' + list.dataset.after);
  source.addEventListener('open', () => {
    byId('live').dataset.state = paused ? 'paused' : 'on';
    showState();
  });
  source.addEventListener('error', () => {
    byId('live').dataset.state = 'off';
    setState('Connecting');
  });
  source.addEventListener('hello', event => {
    if (JSON.parse(event.data) !== list.dataset.generation) location.reload();
  });
  source.addEventListener('refused', event => {
    const number = JSON.parse(event.data);
    byId('refused').textContent = number;
    byId('refused').hidden = number === 0;
  });
  source.addEventListener('added', event => {
    const view = JSON.parse(event.data);
    count(view);
    joinEarlier(view);
    if (onlyType && view.type !== onlyType) return;
    if (paused) waiting.push(view);
    else show(view);
    showState();
  });
  addEventListener('pagehide', () => source.close());
  addEventListener('pageshow', event => {
    if (event.persisted) location.reload();
  });
})();
`;
