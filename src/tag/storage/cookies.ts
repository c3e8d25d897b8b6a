/**
 * The tag's two cookies. Their values are ids and checksums, so nothing needs encoding, and a library's 0.4 KB would be
 * paid by every visitor for that.
 */

import { now } from '../browser/clock';

/** 400 days, in seconds. Chromium keeps no cookie for longer: https://developer.chrome.com/blog/cookie-max-age-expires */
export const LONGEST = 34_560_000;

/** For how long a look is good at most, in milliseconds: for what one task does, also on a slow phone. */
export const FRESH = 10;

let seen = '';
let seenAt = -FRESH;
/** How many looks have ended. */
let ended = 0;

const isFresh = () => now() - seenAt < FRESH;

/** Nothing in a page without an origin (a sandboxed frame): there the browser throws. */
const text = () => {
  try {
    return document.cookie;
  } catch {
    return '';
  }
};

/** Ends a look: who asks next sees what is there then. */
export const lookAway = (): void => {
  seenAt = -FRESH;
  ended++;
};

const saw = (cookies: string) => {
  seen = cookies;
  seenAt = now();
};

/**
 * Looks at all cookies, for who asks for them next. `lookAway()` belongs to its end: another tab may begin another visitor
 * at any time.
 */
export const look = (): void => {
  if (!isFresh()) saw(text());
};

/**
 * The same at the end of this task, for 0.2 to 0.5 ms less on a first page: Chromium notes who reads `document.cookie`,
 * and for that goes once more through the source of every function that is under way. Here none of ours is: a function
 * of the browser's own reads it.
 */
export const lookSoon = async (): Promise<void> => {
  if (isFresh()) return;
  const before = ended;
  const reading = Promise.resolve().then(Reflect.get.bind(0, document, 'cookie', document));
  const cookies = await reading.catch(() => '');
  // Else somebody has looked and written since.
  if (ended === before) saw(cookies);
};

/** The values of a cookie, as the browser orders them: there is one for each domain that it was set for. */
const all = (name: string) =>
  (isFresh() ? seen : text())
    .split('; ')
    .flatMap(cookie => (cookie.startsWith(`${name}=`) ? cookie.slice(name.length + 1) : []));

/** The value of a cookie, undefined when there is none. */
const read = (name: string) => all(name)[0];

/**
 * Sets a cookie for the broadest domain that the browser takes (it refuses public suffixes), so that all subdomains of a
 * shop share it; else for the host alone. Answers which domain that was, and what is there now. Removing goes through all
 * of them.
 *
 * @param before what was there just now, for who has read it: each look at the cookies may wait for another process
 * @param trusting whether the look after an attempt is left to who asks next, where the browser is as good as certain to
 *   take it: for the host, and for the domain that www stands before
 */
const write = (
  name: string,
  value: string,
  seconds = LONGEST,
  before = read(name) ?? '',
  trusting = false,
) => {
  let domain = '';
  let there = before;
  const [protocol, , host = ''] = document.URL.split('/');
  const hostname = host.split(':')[0]!;
  const labels = hostname.split('.');
  const secure = protocol === 'https:' ? '; secure' : '';
  const attributes = `=${value}; path=/; samesite=lax; max-age=${seconds}${secure}`;
  // An address ends in a digit, and has no domains.
  for (let from = Number.isNaN(+hostname.slice(-1)) ? labels.length - 2 : -1; from >= -1; from--) {
    // What has changed was taken, though another tab may have been the later one.
    if (seconds && (there === value || there !== before)) break;
    domain = from < 0 ? '' : labels.slice(from).join('.');
    try {
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API cannot be read at once
      document.cookie = name + attributes + (domain && `; domain=${domain}`);
    } catch {}
    lookAway();
    there = trusting && from < (labels[0] === 'www' ? 2 : 1) ? value : (read(name) ?? '');
  }
  return { there, domain };
};

/** One cookie, by its name. */
export const cookie = (name: string) => ({
  read: () => read(name),
  all: () => all(name),
  write: (value: string, before?: string) => write(name, value, LONGEST, before),
  /** The same; where it is as good as certain that the browser takes it, the next look tells. */
  put: (value: string, before?: string) => write(name, value, LONGEST, before, true),
  remove: (): void => void write(name, '', 0),
});
