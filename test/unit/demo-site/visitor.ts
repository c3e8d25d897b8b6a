import { createApp } from '../../../demo-site/app';

/** A browser's part in a test: keeps the session cookie and sends forms as the shop's own pages would. */
export function visitor(options: Partial<Parameters<typeof createApp>[0]> = {}) {
  const app = createApp({ relayUrl: 'http://127.0.0.1:9', ...options });
  let cookie = '';

  async function request(path: string, init: RequestInit = {}) {
    const answer = await app.request(path, {
      ...init,
      headers: { host: 'localhost', ...(cookie && { cookie }), ...init.headers },
    });
    for (const line of answer.headers.getSetCookie()) {
      const pair = line.split(';')[0]!;
      if (!pair.endsWith('=')) cookie = pair;
    }
    return answer;
  }

  return {
    request,
    /** The session cookie as it would be sent. */
    cookie: () => cookie,
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

export function unescapeHtml(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
