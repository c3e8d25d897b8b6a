/**
 * The tag's two cookies. Their values are ids and checksums, so nothing needs encoding, and a library's 0.4 KB would be
 * paid by every visitor for that.
 */

/** 400 days, in seconds. Chromium keeps no cookie for longer: https://developer.chrome.com/blog/cookie-max-age-expires */
export const LONGEST = 34_560_000;

/** The values of a cookie, as the browser orders them: there is one for each domain that it was set for. */
const all = (name: string) =>
  document.cookie
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
 * @param look what is there after an attempt
 */
const write = (
  name: string,
  value: string,
  seconds = LONGEST,
  before = read(name) ?? '',
  look = () => read(name) ?? '',
) => {
  let domain = '';
  let there = before;
  const labels = location.hostname.split('.');
  const secure = location.protocol === 'https:' ? '; secure' : '';
  const attributes = `=${value}; path=/; samesite=lax; max-age=${seconds}${secure}`;
  for (let from = labels.length - 2; from >= -1; from--) {
    // What has changed was taken, though another tab may have been the later one.
    if (seconds && (there === value || there !== before)) break;
    domain = from < 0 ? '' : labels.slice(from).join('.');
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API cannot be read at once
    document.cookie = name + attributes + (domain && `; domain=${domain}`);
    there = look();
  }
  return { there, domain };
};

/** One cookie, by its name. */
export const cookie = (name: string) => ({
  read: () => read(name),
  all: () => all(name),
  write: (value: string, before?: string) => write(name, value, LONGEST, before),
  /** Sets it for the broadest domain, and leaves it to the next look whether the browser took it. */
  put: (value: string) => write(name, value, LONGEST, '', () => value),
  remove: (): void => void write(name, '', 0),
});
