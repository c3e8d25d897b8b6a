import { createApp } from '../../../demo-site/app';

/** A browser's part in a test: keeps the shop's cookies and sends forms as the shop's own pages would. */
export function visitor(options: Partial<Parameters<typeof createApp>[0]> = {}) {
  const app = createApp({ relayUrl: 'http://127.0.0.1:9', ...options });
  const jar = new Map<string, string>();
  const cookie = () => [...jar].map(pair => pair.join('=')).join('; ');

  async function request(path: string, init: RequestInit = {}) {
    const answer = await app.request(path, {
      ...init,
      headers: { host: 'localhost', ...(jar.size && { cookie: cookie() }), ...init.headers },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0]!.split('=') as [string, string];
      if (value) jar.set(name, value);
    }
    return answer;
  }

  return {
    request,
    /** The cookies as they would be sent. */
    cookie,
    get: (path: string) => request(path),
    /** The text of a page. */
    page: async (path: string) => (await request(path)).text(),
    post: (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
      request(path, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { 'sec-fetch-site': 'same-origin', ...headers },
      }),
  };
}

/** The values of an attribute in a page, in order, with HTML escapes undone. */
export function attributes(page: string, name: string): string[] {
  return [...page.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map(([, value]) => unescapeHtml(value!));
}

/** The one attribute of this name, parsed. */
export function json(page: string, name: string): unknown {
  const [value] = attributes(page, name);
  if (value === undefined) throw new Error(`the page has no ${name}`);
  return JSON.parse(value);
}

/** The early calls of a page, as the tag would replay them. */
export function calls(page: string): [string, ...unknown[]][] {
  const inline = /<script nonce="[^"]+">(.*?)<\/script>/s.exec(page)?.[1];
  if (!inline) return [];
  const window: Record<string, { q: [string, ArrayLike<unknown>][] }> = {};
  new Function('window', 'location', `with(window){${inline}}`)(window, { href: 'http://localhost/' });
  return window.shoptrail!.q.map(([method, args]) => [method, ...Array.from(args)]);
}

export function unescapeHtml(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
