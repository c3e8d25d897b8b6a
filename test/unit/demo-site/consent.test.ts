import { describe, expect, it } from 'vitest';
import { attributes, calls, visitor } from './visitor';

const cookieOf = (answer: Response) =>
  answer.headers.getSetCookie().find(line => line.startsWith('saltmarsh_consent='));
const banner = (page: string) => /<section class="consent".*?<\/section>/s.exec(page)?.[0];

describe('before an answer', () => {
  it('every page asks, the tag waits, and no cookie is set', async () => {
    const shop = visitor();
    for (const path of ['/', '/product/tall-mug', '/cart', '/sign-in', '/no-such-page']) {
      const page = await shop.page(path);
      expect(page).toMatch(
        /<script async src="\/x\/shoptrail\.js" data-endpoint="\/x" data-consent="required"/,
      );
      expect(calls(page), path).toEqual([]);
      expect(banner(page), path).toMatch(/^<section [^>]*data-answer="">/);
    }
    expect(shop.cookie()).toBe('');
  });

  it('the three answers are buttons of the same kind', async () => {
    const buttons = banner(await visitor().page('/'))!.match(/<button [^>]*name="answer".*?<\/button>/g);
    expect(buttons).toEqual([
      '<button class="button" name="answer" value="all" data-consent="true">Accept all</button>',
      '<button class="button" name="answer" value="events" data-consent="{&quot;events&quot;:true,&quot;identity&quot;:false}">Without my name</button>',
      '<button class="button" name="answer" value="none" data-consent="false">Refuse</button>',
    ]);
  });

  it('an answer leads back to the page it was given on, or home where that cannot be opened', async () => {
    const shop = visitor();
    const back = async (page: string) => attributes(banner(page)!, 'value')[0];
    expect(await back(await shop.page('/search?q=mug&x=%22'))).toBe('/search?q=mug&x=%22');
    const refused = await shop.post('/cart/add', { productId: 'UMBRELLA' });
    expect(await back(await refused.text())).toBe('/');
  });
});

describe.each([
  ['all', 'Accept all', true],
  ['events', 'Without my name', { events: true, identity: false }],
  ['none', 'Refuse', false],
])('the answer %s', (answer, label, consent) => {
  it('is kept for 180 days in a cookie of the shop', async () => {
    const reply = await visitor().post('/consent', { answer, back: '/cart' });
    expect([reply.status, reply.headers.get('location')]).toEqual([303, '/cart']);
    expect(cookieOf(reply)).toBe(`saltmarsh_consent=${answer}; Max-Age=15552000; Path=/; SameSite=Lax`);
  });

  it('is told to the tag by every page, before anything else', async () => {
    const shop = visitor();
    await shop.post('/consent', { answer });
    await shop.post('/sign-in', { email: 'ada@example.com' });
    for (const path of ['/', '/product/salt-pig', '/account', '/privacy'])
      expect(calls(await shop.page(path)), path).toEqual([
        ['consent', consent],
        ['identify', expect.objectContaining({ email: 'ada@example.com' })],
      ]);
  });

  it('hides the banner and is named in it', async () => {
    const shop = visitor();
    await shop.post('/consent', { answer });
    const shown = banner(await shop.page('/'))!;
    expect(shown).toMatch(new RegExp(`^<section [^>]*data-answer="${answer}" hidden>`));
    expect(shown).toContain(`<strong>${label}</strong>`);
    expect(await shop.page('/privacy')).toContain(`Your answer: <strong>${label}</strong>`);
  });
});

describe('an answer', () => {
  it('can be changed, and outlives signing out', async () => {
    const shop = visitor();
    await shop.post('/consent', { answer: 'all' });
    await shop.post('/sign-in', { email: 'ada@example.com' });
    await shop.post('/consent', { answer: 'none' });
    await shop.post('/sign-out', {});
    expect(calls(await shop.page('/'))).toEqual([['consent', false], ['reset']]);
  });

  it('of the page script is kept the same way, without a page', async () => {
    const reply = await visitor().post('/consent', { answer: 'none' }, { accept: 'application/json' });
    expect([reply.status, await reply.text()]).toEqual([204, '']);
    expect(cookieOf(reply)).toContain('saltmarsh_consent=none; Max-Age=15552000');
  });

  it('goes by https only in a shop that is on https', async () => {
    const reply = await visitor().post('https://localhost/consent', { answer: 'none' });
    expect(cookieOf(reply)).toMatch(/; Secure/);
  });

  it.each(['', 'maybe', 'toString', '__proto__'])(
    'that is none (%j) is refused and keeps nothing',
    async answer => {
      const shop = visitor();
      expect((await shop.post('/consent', { answer })).status).toBe(422);
      expect(shop.cookie()).toBe('');
    },
  );

  it.each(['maybe', 'toString', '%'])('that somebody wrote into the cookie (%s) is none', async value => {
    const reply = await visitor().request('/', { headers: { cookie: `saltmarsh_consent=${value}` } });
    const page = await reply.text();
    expect(calls(page)).toEqual([]);
    expect(banner(page)).toContain('data-answer=""');
  });

  it('from another site is refused', async () => {
    const reply = await visitor().post('/consent', { answer: 'all' }, { 'sec-fetch-site': 'cross-site' });
    expect(reply.status).toBe(403);
    expect(cookieOf(reply)).toBeUndefined();
  });

  it('leads to no other site', async () => {
    const reply = await visitor().post('/consent', { answer: 'all', back: '//evil.example' });
    expect(reply.headers.get('location')).toBe('/');
  });
});

describe('the privacy page', () => {
  it('asks in its text, with no banner beside it', async () => {
    const page = await visitor().page('/privacy');
    expect(banner(page)).toBeUndefined();
    expect(page).toContain('You have not answered yet');
    expect(attributes(page, 'value').filter(value => /^(all|events|none)$/.test(value))).toHaveLength(3);
  });

  it('is a button away from every page, without a script too', async () => {
    const page = await visitor().page('/');
    expect(page).toContain(
      '<form action="/privacy"><button class="link" data-consent-open>Privacy choices</button></form>',
    );
  });
});

describe('a shop without consent', () => {
  const shop = visitor({ consent: 'off' });

  it('asks nothing, tells nothing and does not let the tag wait, whatever the cookie says', async () => {
    const reply = await shop.request('/', { headers: { cookie: 'saltmarsh_consent=none' } });
    const page = await reply.text();
    expect(banner(page)).toBeUndefined();
    expect(page).not.toContain('data-consent');
    expect(calls(page)).toEqual([]);
  });

  it('has no routes for it', async () => {
    expect((await shop.get('/privacy')).status).toBe(404);
    expect((await shop.post('/consent', { answer: 'all' })).status).toBe(404);
  });
});
