/** What one line of the history says about an event. */
import type { Param } from '../../protocol/types';
import type { Contact, Store, StoredEvent } from '../store';
import { isObject } from '../values';

/** An event as a line shows it. Plain texts: they are escaped where they are shown. */
export interface EventView {
  n: number;
  type: string;
  /** Which colour: `page`, `product`, `category`, `cart`, `shown`, `wish`, `search`, `form` or `custom`. */
  kind: string;
  /** ISO time, and the same in words. */
  iso: string;
  time: string;
  day: string;
  /** What was seen, put in the cart, searched for. */
  summary: string;
  who: string;
  /** Number of the contact's page, or null. */
  contactId: number | null;
  /** `anonymous` when only a cookie id is known, `joined` when that leads to one contact. */
  tie: 'contact' | 'joined' | 'anonymous' | 'none';
  /** `copy 2`, `past event` */
  badges: string[];
  /** The cookie id, and whether exactly one contact has used it: then earlier anonymous lines become that contact's. */
  cookie: string;
  owned: boolean;
}

const KINDS: Record<string, string> = {
  pageViewed: 'page',
  productViewed: 'product',
  productCategoryViewed: 'category',
  cartUpdated: 'cart',
  productImpressions: 'shown',
  productAddedToWishlist: 'wish',
  searchRequest: 'search',
};

/** Which colour an event type has. */
export function kindOf(type: string): string {
  if (Object.hasOwn(KINDS, type)) return KINDS[type]!;
  return /^subscribe(Update)?FromApi/.test(type) ? 'form' : 'custom';
}

/** Times as the account's zone shows them. */
export function createTimes(timeZone: string) {
  const date = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'medium' });
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium' });
  return {
    day: (at: number) => date.format(at),
    time: (at: number) => time.format(at),
    full: (at: number) => `${date.format(at)}, ${time.format(at)}`,
  };
}

export type Times = ReturnType<typeof createTimes>;

/** How a person would call a contact: its address, else another identifier. */
export function nameOf(contact: Contact): string {
  const { email, externalCustomerId, phone, id } = contact;
  return email ?? (externalCustomerId ? `customer ${externalCustomerId}` : (phone ?? `contact ${id}`));
}

/** One line of the history. */
export function viewOf(store: Store, event: StoredEvent, times: Times): EventView {
  const owner = store.cookieOwner(event.cookieId);
  const joined = event.anonymous ? owner : undefined;
  const contactId = event.contactId ?? joined ?? null;
  const contact = contactId === null ? undefined : store.contact(contactId);
  const badges: string[] = [];
  if (event.copy > 1) badges.push(`copy ${event.copy}`);
  if (event.via === 'past_events') badges.push('past event');
  return {
    n: event.n,
    type: event.type,
    kind: kindOf(event.type),
    iso: new Date(event.receivedAt).toISOString(),
    time: times.time(event.receivedAt),
    day: times.day(event.receivedAt),
    summary: summarise(event),
    who: contact ? nameOf(contact) : event.anonymous ? `anonymous ${event.key.slice(0, 8)}…` : 'no contact',
    contactId: contact ? contact.id : null,
    tie: joined !== undefined ? 'joined' : contact ? 'contact' : event.anonymous ? 'anonymous' : 'none',
    badges,
    cookie: event.cookieId ?? '',
    owned: owner !== undefined,
  };
}

/** The params of a stored event. */
export function paramsOf(event: StoredEvent): Param[] {
  return JSON.parse(event.body).params ?? [];
}

/** The JSON value inside a string, if the string is JSON text of an object or a list. */
export function unfold(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

const MAX_SUMMARY = 140;

/** An event in a few words. */
export function summarise(event: StoredEvent): string {
  const params = paramsOf(event);
  const value = (name: string) => params.find(param => param.name === name)?.value;
  const inside = (name: string) => unfold(value(name));
  const field = (name: string, key: string) => {
    const parsed = inside(name);
    const first = Array.isArray(parsed) ? parsed[0] : parsed;
    return isObject(first) ? first[key] : undefined;
  };
  const currency = () => (value('currencyCode') ? ` ${value('currencyCode')}` : '');
  const words = (): string => {
    switch (event.type) {
      case 'pageViewed':
        return String(field('page', 'location'));
      case 'productViewed':
      case 'productAddedToWishlist':
        return `${field('product', 'productId')} · ${amount(field('product', 'price'))}${currency()}`;
      case 'productCategoryViewed':
        return String(field('category', 'productCategoryId'));
      case 'cartUpdated':
        return cart(inside('products') ?? []) + currency();
      case 'productImpressions':
        return `${value('recomVariantId')} · ${plural((inside('products') as unknown[]).length, 'product')}`;
      case 'searchRequest':
        return `“${value('search')}”${String(value('isFound') ?? '') === '0' ? ' · nothing found' : ''}`;
      default:
        return params
          .filter(param => !param.name.startsWith('shoptrail'))
          .map(param => `${param.name}: ${brief(param.value)}`)
          .join(' · ');
    }
  };
  return cut(words(), MAX_SUMMARY) || 'no params';
}

function cart(lines: unknown): string {
  if (!Array.isArray(lines) || lines.length === 0) return 'empty cart';
  const total = lines.reduce((sum, { quantity, price }) => sum + Number(quantity) * Number(price), 0);
  const items = lines.reduce((sum, { quantity }) => sum + Number(quantity), 0);
  return `${plural(items, 'item')} in ${plural(lines.length, 'line')} · ${amount(total)}`;
}

function amount(value: unknown): string {
  return Number.isInteger(value) ? String(value) : Number(value).toFixed(2);
}

function brief(value: unknown): string {
  return cut(typeof value === 'string' ? value : JSON.stringify(value), 40);
}

/** `1 event`, `2 events`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function cut(text: string, max: number): string {
  const symbols = [...text];
  return symbols.length > max ? `${symbols.slice(0, max - 1).join('')}…` : text;
}
