/** Everything the sandbox keeps, in SQLite. */
import Database from 'libsql';
import type { LocatorName } from './locators';
import { FIRST_CONTACT_ID, SCHEMA } from './schema';

/** By which resource an event came. */
export type Via = 'event' | 'past_events' | 'subscribe';

/** What led an event to its contact. */
export type MatchedBy = LocatorName | 'keyValue';

/** An event to be stored. */
export interface NewEvent {
  type: string;
  /** The given keyValue, or the locator that the platform took in its place. */
  key: string;
  /** The event as JSON text, as it came. */
  body: string;
  via: Via;
  receivedAt: number;
  /** Past events: local time of the account, `YYYY-MM-DDTHH:mm`. */
  occurred?: string;
  /** When it happened. */
  at: number;
  contactId: number | null;
  matchedBy: MatchedBy | null;
  eventId: string | null;
  cookieId: string | null;
  anonymous: boolean;
}

/** A stored event. */
export interface StoredEvent {
  n: number;
  type: string;
  key: string;
  body: string;
  via: Via;
  receivedAt: number;
  occurred: string | null;
  at: number;
  contactId: number | null;
  matchedBy: MatchedBy | null;
  eventId: string | null;
  cookieId: string | null;
  anonymous: boolean;
  /** 1, or more for a repeat: another event with the same shoptrailEventId came before. */
  copy: number;
}

/** How an event came to a contact's timeline. */
export interface TimelineEvent extends StoredEvent {
  /** True for an anonymous event that the contact's cookie id brought here. */
  joined: boolean;
}

/** The data of a contact that may be written. */
export interface ContactData {
  externalCustomerId: string | null;
  email: string | null;
  phone: string | null;
  firstName: string | null;
  lastName: string | null;
  groups: string[];
  fields: unknown[];
  address: Record<string, unknown> | null;
}

/** A contact. */
export interface Contact extends ContactData {
  id: number;
  /** False until a double opt-in, for contacts that a subscription made. */
  confirmed: boolean;
  source: 'event' | 'subscribe';
  pushTokens: string[];
  devices: string[];
  createdAt: number;
  updatedAt: number;
  /** Own events, without the anonymous ones that its cookie ids join. */
  events: number;
}

/** An answer of the API, as the page of answers shows it. */
export interface Answer {
  at: number;
  request: string;
  status: string;
  reason: string | null;
}

type Row = Record<string, string | number | null>;

export type Store = ReturnType<typeof openStore>;

/**
 * Opens the sandbox's database.
 *
 * @param path a file, or `:memory:` (the default) for one that is gone with the process.
 */
export function openStore(path = ':memory:') {
  const db = new Database(path);
  if (path !== ':memory:') db.exec('PRAGMA journal_mode = WAL');
  db.exec(SCHEMA);
  startContactIds();
  let generation = crypto.randomUUID();

  const get = (sql: string, ...values: unknown[]) => db.prepare(sql).get(values) as Row | undefined;
  const all = (sql: string, ...values: unknown[]) => db.prepare(sql).all(values) as Row[];
  const run = (sql: string, ...values: unknown[]) => db.prepare(sql).run(values);

  function startContactIds() {
    db.exec(`INSERT INTO sqlite_sequence (name, seq) SELECT 'contacts', ${FIRST_CONTACT_ID - 1}
      WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'contacts')`);
  }

  const EVENT = `SELECT e.*, CASE WHEN e.event_id IS NULL THEN 1 ELSE
    (SELECT count(*) FROM events o WHERE o.event_id = e.event_id AND o.n <= e.n) END AS copy FROM events e`;
  const CONTACT = `SELECT c.*, (SELECT count(*) FROM events e WHERE e.contact_id = c.id) AS events FROM contacts c`;

  function toContact(row: Row | undefined): Contact | undefined {
    if (!row) return undefined;
    const owned = (table: keyof typeof OWNED) =>
      all(`SELECT ${OWNED[table]} AS it FROM ${table} WHERE contact_id = ? ORDER BY rowid`, row.id).map(
        ({ it }) => String(it),
      );
    return {
      id: Number(row.id),
      externalCustomerId: text(row.external_id),
      email: text(row.email),
      phone: text(row.phone),
      firstName: text(row.first_name),
      lastName: text(row.last_name),
      groups: JSON.parse(String(row.groups)),
      fields: JSON.parse(String(row.fields)),
      address: row.address === null ? null : JSON.parse(String(row.address)),
      confirmed: row.confirmed === 1,
      source: row.source as Contact['source'],
      pushTokens: owned('push_tokens'),
      devices: owned('devices'),
      createdAt: Number(row.created_at),
      updatedAt: Number(row.updated_at),
      events: Number(row.events),
    };
  }

  /** What belongs to one contact at a time, and the column with its name. */
  const OWNED = { push_tokens: 'token', devices: 'device' } as const;

  const COLUMN = { externalCustomerId: 'external_id', email: 'email', phone: 'phone' } as const;

  return {
    /** Another one after every start and every `clear()`: event numbers of different generations mean different events. */
    generation: () => generation,

    /** Runs `work` as one transaction: all of it is stored, or nothing. */
    transaction: <Result>(work: () => Result): Result => db.transaction(work)() as Result,

    /** Stores an event and returns its number. */
    addEvent(event: NewEvent): number {
      const { lastInsertRowid } = run(
        `INSERT INTO events (type, key_value, body, via, received_at, occurred, at, contact_id, matched_by,
          event_id, cookie_id, anonymous) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        event.type,
        event.key,
        event.body,
        event.via,
        event.receivedAt,
        event.occurred ?? null,
        event.at,
        event.contactId,
        event.matchedBy,
        event.eventId,
        event.cookieId,
        event.anonymous ? 1 : 0,
      );
      return Number(lastInsertRowid);
    },

    /** The event with this number. */
    event(n: number): StoredEvent | undefined {
      const row = get(`${EVENT} WHERE e.n = ?`, n);
      return row && toEvent(row);
    },

    /** Events in the order of arrival; `type` keeps one type, `since` those with a larger number. */
    events({ type, since = 0 }: { type?: string; since?: number } = {}): StoredEvent[] {
      const rows = type
        ? all(`${EVENT} WHERE e.n > ? AND e.type = ? ORDER BY e.n`, since, type)
        : all(`${EVENT} WHERE e.n > ? ORDER BY e.n`, since);
      return rows.map(toEvent);
    },

    /** A page of the newest events, newest first; `before` goes on from the smallest number of the page before. */
    latest(limit: number, { type, before }: { type?: string; before?: number } = {}): StoredEvent[] {
      return all(
        `${EVENT} WHERE (? IS NULL OR e.type = ?) AND (? IS NULL OR e.n < ?) ORDER BY e.n DESC LIMIT ?`,
        type ?? null,
        type ?? null,
        before ?? null,
        before ?? null,
        limit,
      ).map(toEvent);
    },

    /** Event types with their counts, the most frequent first. */
    eventTypes(): { type: string; count: number }[] {
      return all('SELECT type, count(*) AS count FROM events GROUP BY type ORDER BY count DESC, type').map(
        row => ({ type: String(row.type), count: Number(row.count) }),
      );
    },

    /** Deletes past events that occurred from `from` to `to`, both included, and returns how many. */
    deletePast(from: number, to: number): number {
      return run("DELETE FROM events WHERE via = 'past_events' AND at BETWEEN ? AND ?", from, to).changes;
    },

    /** The contact with this id. */
    contact(id: number): Contact | undefined {
      return Number.isSafeInteger(id) ? toContact(get(`${CONTACT} WHERE c.id = ?`, id)) : undefined;
    },

    /** The contact that one locator (in its comparable form) belongs to. */
    contactBy(name: LocatorName, value: string): Contact | undefined {
      if (name === 'contactId') return /^\d+$/.test(value) ? this.contact(Number(value)) : undefined;
      if (name !== 'pushToken') return toContact(get(`${CONTACT} WHERE c.${COLUMN[name]} = ?`, value));
      const owner = get('SELECT contact_id FROM push_tokens WHERE token = ?', value);
      return owner && this.contact(Number(owner.contact_id));
    },

    /** All contacts, those with the newest data first. */
    contacts(): Contact[] {
      return all(`${CONTACT} ORDER BY c.updated_at DESC, c.id DESC`).map(row => toContact(row)!);
    },

    /** Makes a contact. `data` must hold no identifier of another one. */
    addContact(
      data: Partial<ContactData>,
      { source, confirmed, at }: { source: Contact['source']; confirmed: boolean; at: number },
    ): number {
      const { lastInsertRowid } = run(
        'INSERT INTO contacts (confirmed, source, created_at, updated_at) VALUES (?, ?, ?, ?)',
        confirmed ? 1 : 0,
        source,
        at,
        at,
      );
      const id = Number(lastInsertRowid);
      this.updateContact(id, data, at);
      return id;
    },

    /** Writes the given fields of a contact and leaves the others. */
    updateContact(id: number, data: Partial<ContactData>, at: number): void {
      const now = { ...this.contact(id)!, ...data };
      run(
        `UPDATE contacts SET external_id = ?, email = ?, phone = ?, first_name = ?, last_name = ?, groups = ?,
          fields = ?, address = ?, updated_at = ? WHERE id = ?`,
        now.externalCustomerId,
        now.email,
        now.phone,
        now.firstName,
        now.lastName,
        JSON.stringify(now.groups),
        JSON.stringify(now.fields),
        now.address && JSON.stringify(now.address),
        at,
        id,
      );
    },

    /** Gives a push token to a contact; it leaves the one that had it (seed 004). */
    givePushToken(token: string, id: number): void {
      run('INSERT OR REPLACE INTO push_tokens (token, contact_id) VALUES (?, ?)', token, id);
    },

    /** Gives a device to a contact; it leaves the one that had it (seed 004). */
    giveDevice(device: string, id: number): void {
      run('INSERT OR REPLACE INTO devices (device, contact_id) VALUES (?, ?)', device, id);
    },

    /** Makes one contact a part of another: what it did and what it owns goes over, the rest of it is gone. */
    absorb(id: number, into: number): void {
      for (const table of ['events', ...Object.keys(OWNED)]) {
        run(`UPDATE ${table} SET contact_id = ? WHERE contact_id = ?`, into, id);
      }
      run('DELETE FROM contacts WHERE id = ?', id);
    },

    /** The cookie ids that this contact's events carried, and no other contact's. */
    cookiesOf(id: number): string[] {
      return all(
        `SELECT cookie_id FROM events WHERE cookie_id IN (SELECT cookie_id FROM events WHERE contact_id = ?)
          AND contact_id IS NOT NULL GROUP BY cookie_id HAVING count(DISTINCT contact_id) = 1`,
        id,
      ).map(row => String(row.cookie_id));
    },

    /** How many cookie ids of this contact's events were also carried by another contact's: these join nobody. */
    sharedCookies(id: number): number {
      const row = get('SELECT count(DISTINCT cookie_id) AS count FROM events WHERE contact_id = ?', id);
      return Number(row!.count) - this.cookiesOf(id).length;
    },

    /** Other events with the same shoptrailEventId. */
    copiesOf(event: StoredEvent): number[] {
      return all('SELECT n FROM events WHERE event_id = ? AND n <> ? ORDER BY n', event.eventId, event.n).map(
        row => Number(row.n),
      );
    },

    /** Own and joined events of a contact, the newest first. */
    timeline(id: number): TimelineEvent[] {
      const cookies = this.cookiesOf(id);
      const own = all(`${EVENT} WHERE e.contact_id = ?`, id).map(toEvent);
      const joined = cookies.flatMap(cookie =>
        all(`${EVENT} WHERE e.cookie_id = ? AND e.contact_id IS NULL AND e.anonymous = 1`, cookie).map(
          toEvent,
        ),
      );
      return [
        ...own.map(event => ({ ...event, joined: false })),
        ...joined.map(event => ({ ...event, joined: true })),
      ].sort((a, b) => b.at - a.at || b.n - a.n);
    },

    /**
     * The one contact whose events carried this cookie id: its anonymous events join that timeline. Undefined when no
     * contact has used it, and when several have: on a shared device nobody knows whose an anonymous event was.
     */
    cookieOwner(cookieId: string | null): number | undefined {
      const owners = all(
        'SELECT DISTINCT contact_id FROM events WHERE cookie_id = ? AND contact_id IS NOT NULL LIMIT 2',
        cookieId,
      );
      return owners.length === 1 ? Number(owners[0]!.contact_id) : undefined;
    },

    /** Notes how a request of the API was answered. */
    addAnswer(answer: Answer): void {
      run(
        'INSERT INTO answers (at, request, status, reason) VALUES (?, ?, ?, ?)',
        answer.at,
        answer.request,
        answer.status,
        answer.reason,
      );
    },

    /** Answers of the API by status. */
    answerCounts(): Record<string, number> {
      const rows = all('SELECT status, count(*) AS count FROM answers GROUP BY status ORDER BY status');
      return Object.fromEntries(rows.map(row => [String(row.status), Number(row.count)]));
    },

    /** The newest answers other than 200. */
    refusals(limit: number): Answer[] {
      return all("SELECT * FROM answers WHERE status <> '200' ORDER BY n DESC LIMIT ?", limit).map(row => ({
        at: Number(row.at),
        request: String(row.request),
        status: String(row.status),
        reason: text(row.reason),
      }));
    },

    /** Forgets everything. Numbers begin again. */
    clear(): void {
      db.exec(
        'DELETE FROM events; DELETE FROM contacts; DELETE FROM push_tokens; DELETE FROM devices; DELETE FROM answers',
      );
      db.exec('DELETE FROM sqlite_sequence');
      startContactIds();
      generation = crypto.randomUUID();
    },

    close: () => void db.close(),
  };
}

function toEvent(row: Row): StoredEvent {
  return {
    n: Number(row.n),
    type: String(row.type),
    key: String(row.key_value),
    body: String(row.body),
    via: row.via as Via,
    receivedAt: Number(row.received_at),
    occurred: text(row.occurred),
    at: Number(row.at),
    contactId: row.contact_id === null ? null : Number(row.contact_id),
    matchedBy: row.matched_by as MatchedBy | null,
    eventId: text(row.event_id),
    cookieId: text(row.cookie_id),
    anonymous: row.anonymous === 1,
    copy: Number(row.copy),
  };
}

function text(value: string | number | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
