/** The pages of the history: events, one event, contacts, one contact, answers. */
import { html } from 'hono/html';
import { how } from '../control';
import type { Answer, Contact, MatchedBy, Store, StoredEvent, TimelineEvent } from '../store';
import { jsonView } from './json-view';
import type { Html } from './layout';
import {
  type EventView,
  kindOf,
  nameOf,
  paramsOf,
  plural,
  summarise,
  type Times,
  unfold,
  viewOf,
} from './view';

/** How many events a page of the list holds. */
const PAGE = 100;

/** A line of the event list. The live script fills a copy of it by the `data-slot` names. */
function eventRow(view: EventView): Html {
  return html`<li class="row" data-kind="${view.kind}" data-tie="${view.tie}" data-cookie="${view.cookie}">
  <a class="open" href="/history/events/${view.n}" data-slot="open"><span class="chip" data-slot="type">${view.type}</span></a>
  <time datetime="${view.iso}" title="${view.day}" data-slot="time">${view.time}</time>
  <span class="summary" data-slot="summary">${view.summary}</span>
  <span class="who">${
    view.contactId === null
      ? html`<span data-slot="who">${view.who}</span>`
      : html`<a href="/history/contacts/${view.contactId}" data-slot="who"${view.tie === 'joined' ? html` title="joined by cookie id"` : ''}>${view.who}</a>`
  }</span>
  <span class="badges" data-slot="badges">${view.badges.map(badge => html`<span class="badge">${badge}</span>`)}</span>
</li>`;
}

const BLANK: EventView = {
  n: 0,
  type: '',
  kind: '',
  iso: '',
  time: '',
  day: '',
  summary: '',
  who: '',
  contactId: null,
  tie: 'none',
  badges: [],
  cookie: '',
  owned: false,
};

function typeRow(type: string, count: number, current: boolean): Html {
  return html`<li data-type="${type}" data-kind="${kindOf(type)}"><a href="/history?type=${encodeURIComponent(type)}"${
    current ? html` aria-current="true"` : ''
  }><span class="dot"></span><span class="name">${type}</span><span class="count">${count}</span></a></li>`;
}

/** The list of events, all or of one type, with the types beside it. */
export function eventsPage(
  store: Store,
  times: Times,
  { type, before, origin }: { type?: string; before?: number; origin: string },
): Html {
  const events = store.latest(PAGE, { ...(type && { type }), ...(before && { before }) });
  const types = store.eventTypes();
  const total = types.reduce((sum, { count }) => sum + count, 0);
  const newest = store.latest(1)[0]?.n ?? 0;
  const query = (extra: string) =>
    `/history?${[type ? `type=${encodeURIComponent(type)}` : '', extra].filter(Boolean).join('&')}`;
  return html`<div class="columns">
<nav class="types" aria-label="Event types">
  <h2>Event types</h2>
  <ul id="types">
    <li data-kind="all"><a href="/history"${type ? '' : html` aria-current="true"`}><span class="dot"></span><span class="name">All types</span><span class="count" id="total">${total}</span></a></li>
    ${types.map(row => typeRow(row.type, row.count, row.type === type))}
  </ul>
</nav>
<section>
  <div class="heading">
    <h1>${type ? html`<span class="quiet">Events of type</span> ${type}` : 'Event history'}</h1>
    ${
      before
        ? html`<a class="button" href="${query('')}">To the newest</a>`
        : html`<div class="live" id="live" hidden><span class="state"><span class="pulse"></span><span id="state">Connecting</span></span><button type="button" id="pause" aria-pressed="false">Pause</button></div>`
    }
  </div>
  <p class="hidden" role="status" id="said"></p>
  ${events.length === 0 ? emptyEvents(origin, before) : ''}
  <ol class="rows" id="events" reversed${
    before
      ? ''
      : html` data-after="${newest}" data-generation="${store.generation()}" data-type="${type ?? ''}"`
  }>${events.map(event => eventRow(viewOf(store, event, times)))}</ol>
  ${
    events.length === PAGE
      ? html`<p class="more"><a class="button" href="${query(`before=${events.at(-1)!.n}`)}">Older events</a></p>`
      : ''
  }
  <template id="row">${eventRow(BLANK)}</template>
  <template id="type-row">${typeRow('', 0, false)}</template>
</section>
</div>`;
}

const example = (origin: string) => `curl ${origin}/api/v2/event -u shop:sandbox-key -d '{
  "eventTypeKey": "searchRequest",
  "params": [
    { "name": "email", "value": "ann@example.com" },
    { "name": "search", "value": "mug" }
  ]
}'`;

function emptyEvents(origin: string, before?: number): Html {
  if (before) return html`<p class="empty">There are no older events.</p>`;
  return html`<div class="empty" id="empty">
  <p><strong>No events yet.</strong> Open the shop and click around, or send one yourself. It appears here without a reload.</p>
  <pre tabindex="0">${example(origin)}</pre>
</div>`;
}

/** One event: what is known about it, its params unfolded, and its body as it came. */
export function eventPage(store: Store, times: Times, event: StoredEvent): Html {
  const copies = event.eventId === null ? [] : store.copiesOf(event);
  return html`<p class="crumbs"><a href="/history">Events</a> <span aria-hidden="true">›</span> <a href="/history?type=${encodeURIComponent(event.type)}">${event.type}</a></p>
<div class="heading" data-kind="${kindOf(event.type)}"><h1><span class="dot"></span><span>${event.type}</span></h1></div>
<p class="lead">${summarise(event)}</p>
<dl class="facts">
  ${fact('Event', `number ${event.n}, by ${VIA[event.via]}`)}
  ${fact('Received', times.full(event.receivedAt))}
  ${event.occurred === null ? '' : fact('Occurred', event.occurred.replace('T', ', '))}
  ${fact('Key', html`<code>${event.key}</code>`)}
  ${fact('Contact', contactOf(store, event))}
  ${event.eventId === null ? '' : fact('shoptrailEventId', html`<code>${event.eventId}</code>`)}
  ${copies.length === 0 ? '' : fact('Copies', html`${copies.map((n, index) => html`${index ? ', ' : ''}<a href="/history/events/${n}">number ${n}</a>`)}`)}
  ${fact('Size', plural(Buffer.byteLength(event.body), 'byte'))}
</dl>
<h2>Params</h2>
<dl class="params">${paramsOf(event).map(({ name, value }) => {
    const inside = unfold(value);
    return html`<div><dt>${name}${inside === undefined ? '' : html` <span class="badge">JSON text, unfolded</span>`}</dt>
<dd>${
      typeof value === 'object' || inside !== undefined
        ? html`<pre tabindex="0">${jsonView(inside ?? value)}</pre>`
        : html`<code>${String(value)}</code>`
    }</dd></div>`;
  })}</dl>
<div class="heading"><h2>Body</h2><button type="button" data-copy="body">Copy</button></div>
<pre id="body" tabindex="0">${jsonView(JSON.parse(event.body))}</pre>`;
}

const VIA = { event: 'Generate event', past_events: 'past_events', subscribe: 'a subscription' };

function fact(name: string, value: string | Html): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function contactOf(store: Store, event: StoredEvent): Html {
  const joined = event.anonymous ? store.cookieOwner(event.cookieId) : undefined;
  const contact = store.contact(event.contactId ?? joined ?? 0);
  if (contact) {
    return html`<a href="/history/contacts/${contact.id}">${nameOf(contact)}</a> ${howBadge(event.matchedBy, joined !== undefined)}`;
  }
  return html`${
    event.anonymous
      ? 'none: only a cookie id is known. The event joins a contact as soon as exactly one contact sends with this id'
      : 'none: no locator among the params, and the key is no contact’s'
  }`;
}

function howBadge(matchedBy: MatchedBy | null, joined: boolean): Html {
  return html`<span class="badge ${joined ? 'joined' : 'how'}">${how(matchedBy, joined)}</span>`;
}

/** All contacts. */
export function contactsPage(store: Store, times: Times): Html {
  const contacts = store.contacts();
  return html`<div class="heading"><h1>Contacts</h1><span class="quiet">${plural(contacts.length, 'contact')}</span></div>
${contacts.length === 0 ? html`<p class="empty"><strong>No contacts yet.</strong> An event with an externalCustomerId, an email or a phone among its params makes one. Anonymous events make none.</p>` : ''}
<ul class="cards">${contacts.map(
    contact => html`<li class="card">
  <a class="open" href="/history/contacts/${contact.id}"><span class="avatar" aria-hidden="true">${initial(contact)}</span><strong>${nameOf(contact)}</strong></a>
  ${status(contact)}
  <span class="quiet ids">${identifiers(contact)
    .filter(({ value }) => value !== nameOf(contact))
    .map(({ name, value }) => html`<span>${name} <code>${value}</code></span>`)}</span>
  <span class="quiet">${plural(contact.events, 'event')} · since ${times.day(contact.createdAt)}</span>
</li>`,
  )}</ul>`;
}

function initial(contact: Contact): string {
  return ([...(contact.firstName ?? contact.email ?? '#')][0] ?? '#').toUpperCase();
}

function status(contact: Contact): Html {
  return contact.confirmed
    ? html`<span class="badge">confirmed</span>`
    : html`<span class="badge warn">unconfirmed</span>`;
}

function identifiers(contact: Contact): { name: string; value: string }[] {
  const { externalCustomerId, email, phone, pushTokens, devices, id } = contact;
  return [
    { name: 'contactId', value: String(id) },
    ...(externalCustomerId === null ? [] : [{ name: 'externalCustomerId', value: externalCustomerId }]),
    ...(email === null ? [] : [{ name: 'email', value: email }]),
    ...(phone === null ? [] : [{ name: 'phone', value: phone }]),
    ...pushTokens.map(value => ({ name: 'pushToken', value })),
    ...devices.map(value => ({ name: 'deviceId', value })),
  ];
}

/** One contact: identifiers, data, and the timeline that says of each event how it came here. */
export function contactPage(store: Store, times: Times, contact: Contact): Html {
  const timeline = store.timeline(contact.id);
  const joined = timeline.filter(event => event.joined).length;
  const shared = store.sharedCookies(contact.id);
  const person = [contact.firstName, contact.lastName].filter(Boolean).join(' ');
  const days = [...new Set(timeline.map(event => times.day(event.at)))];
  return html`<p class="crumbs"><a href="/history/contacts">Contacts</a> <span aria-hidden="true">›</span> ${contact.id}</p>
<div class="heading"><h1><span class="avatar" aria-hidden="true">${initial(contact)}</span><span>${nameOf(contact)}</span></h1>${status(contact)}</div>
<div class="columns wide">
<section aria-label="Data of the contact">
<dl class="facts">
  ${person ? fact('Name', person) : ''}
  ${identifiers(contact).map(({ name, value }) => fact(name, html`<code>${value}</code>`))}
  ${contact.groups.length ? fact('Groups', contact.groups.join(', ')) : ''}
  ${contact.address ? fact('Address', Object.values(contact.address).join(', ')) : ''}
  ${(contact.fields as { id: unknown; value: unknown }[]).map(field => fact(`Field ${field.id}`, String(field.value ?? '')))}
  ${fact('Made by', contact.source === 'event' ? 'an event' : 'a subscription')}
  ${fact('Since', times.full(contact.createdAt))}
</dl>
</section>
<section>
<h2>Timeline</h2>
<p class="quiet">${plural(timeline.length, 'event')}${
    joined
      ? html`, of which ${joined} ${joined === 1 ? 'was' : 'were'} anonymous and joined by a cookie id that only this contact has used`
      : ''
  }.${
    shared
      ? html` ${plural(shared, 'cookie id')} of this contact ${shared === 1 ? 'was' : 'were'} used by another contact too: anonymous events with ${shared === 1 ? 'it' : 'them'} join nobody.`
      : ''
  }</p>
${days.map(
  day => html`<h3>${day}</h3>
<ol class="timeline">${timeline.filter(event => times.day(event.at) === day).map(event => timelineRow(event, times))}</ol>`,
)}
</section>
</div>`;
}

function timelineRow(event: TimelineEvent, times: Times): Html {
  return html`<li data-kind="${kindOf(event.type)}"${event.joined ? html` class="is-joined"` : ''}>
  <span class="dot"></span>
  <a class="open" href="/history/events/${event.n}">${event.type}</a>
  <time datetime="${new Date(event.at).toISOString()}">${times.time(event.at)}</time>
  <span class="summary">${summarise(event)}</span>
  <span class="badges">${howBadge(event.matchedBy, event.joined)}${
    event.copy > 1 ? html`<span class="badge">copy ${event.copy}</span>` : ''
  }${event.via === 'past_events' ? html`<span class="badge">past event</span>` : ''}</span>
</li>`;
}

/** What the API answered: counts, and the refusals with their reasons. */
export function answersPage(store: Store, times: Times, faultsLeft: number): Html {
  const counts = Object.entries(store.answerCounts());
  const refusals = store.refusals(100);
  return html`<div class="heading"><h1>Answers of the API</h1>${
    faultsLeft ? html`<span class="badge warn">${plural(faultsLeft, 'ordered fault')} to come</span>` : ''
  }</div>
${
  counts.length === 0
    ? html`<p class="empty">No requests yet.</p>`
    : html`<ul class="tiles">${counts.map(
        ([code, count]) =>
          html`<li class="${code === '200' ? 'good' : 'bad'}"><strong>${count}</strong> <span>${code}</span></li>`,
      )}</ul>
<h2>Refused, newest first</h2>
${refusals.length === 0 ? html`<p class="quiet">Nothing was refused.</p>` : html`<ol class="refusals">${refusals.map(answer => refusal(answer, times))}</ol>`}`
}`;
}

function refusal({ at, request, status: code, reason }: Answer, times: Times): Html {
  return html`<li><span class="badge warn">${code}</span> <code>${request}</code> <time datetime="${new Date(at).toISOString()}">${times.full(at)}</time><p>${reason ?? ''}</p></li>`;
}

/** A page that is not there. */
export function missingPage(what: string): Html {
  return html`<div class="heading"><h1>Not here</h1></div><p class="empty">There is no ${what} with this number. It may have been cleared. <a href="/history">To the event history</a></p>`;
}
