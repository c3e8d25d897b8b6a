import { describe, expect, it } from 'vitest';
import { anonymous, COOKIE, event, params, sandbox } from './support';

const EVIL = `<script>alert(1)</script>"'&<img src=x onerror=y>`;

const page = async (room: ReturnType<typeof sandbox>, path: string) => {
  const answer = await room.app.request(path);
  return { status: answer.status, headers: answer.headers, html: await answer.text() };
};

/** Reads server-sent events until `count` of them named `name` have come. */
async function read(answer: Response, name: string, count: number): Promise<unknown[]> {
  const found: unknown[] = [];
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (found.length < count) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      if (block.includes(`event: ${name}\n`)) found.push(JSON.parse(/^data: (.*)$/m.exec(block)![1]!));
    }
  }
  await reader.cancel();
  return found;
}

describe('the history', () => {
  it('is where / leads, and may run only its own script and style', async () => {
    const room = sandbox();
    const root = await page(room, '/');
    expect([root.status, root.headers.get('location')]).toEqual([302, '/history']);
    const { status, headers, html } = await page(room, '/history');
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html).not.toMatch(/ style=|<style|<script>| on\w+=|https?:\/\/(?!localhost)/);
    for (const asset of ['style.css', 'live.js', 'icon.svg']) {
      expect(html).toContain(`/history/${asset}`);
      expect((await page(room, `/history/${asset}`)).status).toBe(200);
    }
  });

  it('escapes everything that comes from outside', async () => {
    const room = sandbox();
    const evilAddress = '<b>"x"</b>@example.com';
    const values = {
      [EVIL]: EVIL,
      email: evilAddress,
      externalCustomerId: EVIL,
      nested: { [EVIL]: [EVIL] },
      text: JSON.stringify({ [EVIL]: EVIL }),
      shoptrailEventId: EVIL,
      shoptrailAnonymousId: EVIL,
    };
    await room.send({ eventTypeKey: 'a&b', params: params(values) });
    await room.send({ eventTypeKey: 'a&b', params: params(values) });
    await room.api('/v1/contact/subscribe', {
      contact: {
        channels: [{ type: 'email', value: evilAddress }],
        firstName: '<i>Ann</i>',
        address: { town: EVIL },
        fields: [{ id: 1, value: EVIL }],
      },
      groups: [EVIL],
    });
    await room.send({ eventTypeKey: 'x', params: params({ [EVIL]: 1, [`${EVIL} `]: undefined }) });
    await room.app.request(`/api/${encodeURIComponent('<b>')}`, { method: 'POST' });
    const paths = [
      '/history',
      '/history?type=%3Cscript%3Ex',
      '/history/events/1',
      '/history/events/3',
      '/history/contacts',
      '/history/contacts/1001',
      '/history/answers',
    ];
    for (const path of paths) {
      const { status, html } = await page(room, path);
      expect(status).toBe(200);
      expect(html, path).not.toMatch(/<script>|<img src=x|<b>|<i>|a&b/);
    }
    expect((await page(room, '/history/events/1')).html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('shows one event with its JSON text unfolded and its body as it came', async () => {
    const room = sandbox();
    await room.send({
      eventTypeKey: 'pageViewed',
      keyValue: 'k',
      params: params({ page: '{"location":"https://shop.example/"}' }),
    });
    const { html } = await page(room, '/history/events/1');
    const plain = html.replace(/<[^>]+>/g, '').replaceAll('&quot;', '"');
    expect(plain).toContain('{\n  "location": "https://shop.example/"\n}');
    expect(plain).toContain('"value": "{\\"location\\":\\"https://shop.example/\\"}"');
  });

  it('filters by type and turns pages', async () => {
    const room = sandbox();
    for (let n = 0; n < 101; n++) await room.send({ eventTypeKey: n % 2 ? 'odd' : 'even', keyValue: 'k' });
    const rows = (html: string) =>
      [...html.split('<template')[0]!.matchAll(/class="open" href="\/history\/events\/(\d+)"/g)].map(match =>
        Number(match[1]),
      );
    const first = await page(room, '/history');
    expect(rows(first.html)).toEqual(Array.from({ length: 100 }, (_, index) => 101 - index));
    expect(first.html).toContain('/history?before=2');
    expect(rows((await page(room, '/history?before=2')).html)).toEqual([1]);
    expect(rows((await page(room, '/history?type=odd')).html)).toHaveLength(50);
  });

  it('says how each event came to a contact', async () => {
    const room = sandbox();
    await room.send(anonymous());
    await room.send(event({ email: 'ann@example.com', shoptrailAnonymousId: COOKIE }));
    const { html } = await page(room, '/history/contacts/1001');
    expect(html).toContain('joined by cookie id');
    expect(html).toContain('by email');
    expect((await page(room, '/history/events/1')).html).toContain('joined by cookie id');
  });

  it('says 404 for what is not there', async () => {
    const room = sandbox();
    for (const path of ['/history/events/1', '/history/events/x', '/history/contacts/1001']) {
      expect((await page(room, path)).status).toBe(404);
    }
  });

  it('shows refusals with their reasons', async () => {
    const room = sandbox();
    await room.send({ eventTypeKey: 'pageViewed', keyValue: 'k' });
    expect((await page(room, '/history/answers')).html).toContain('pageViewed needs the param page');
    expect((await page(room, '/history')).html).toMatch(/id="refused"[^>]*>1</);
  });
});

describe('the stream', () => {
  it('sends what came after the page was made, and what comes from now on', async () => {
    const room = sandbox();
    await room.send(event({}, 'first'));
    await room.send(event({}, 'second'));
    const answer = await room.app.request('/history/stream?after=1');
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const seen = read(answer, 'added', 2);
    await room.send(event({ email: 'ann@example.com' }));
    expect(await seen).toMatchObject([
      { n: 2, who: 'no contact' },
      { n: 3, who: 'ann@example.com', contactId: 1001 },
    ]);
  });

  it('goes on after the last event that a page has seen', async () => {
    const room = sandbox();
    for (const key of ['a', 'b', 'c']) await room.send(event({}, key));
    const headers = { 'last-event-id': '2' };
    const answer = await room.app.request('/history/stream?after=0', { headers });
    expect(await read(answer, 'added', 1)).toMatchObject([{ n: 3 }]);
  });

  it('names the store, another one after everything was cleared', async () => {
    const room = sandbox();
    const seen = read(await room.app.request('/history/stream'), 'hello', 2);
    await room.app.request('/sandbox/events', { method: 'DELETE' });
    const [before, after] = await seen;
    expect(before).not.toBe(after);
    expect((await page(room, '/history')).html).toContain(`data-generation="${after}"`);
  });
});
