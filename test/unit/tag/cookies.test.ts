// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cookie, FRESH, look, lookAway, lookSoon } from '../../../src/tag/storage/cookies';

const visit = (url: string) =>
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(url);

/**
 * Puts a browser in place of the page's cookies that refuses some domains, as browsers do with public suffixes, and
 * remembers what was written.
 */
const browserThatTakes = (takes: (domain: string | undefined) => boolean, present = '') => {
  const written: string[] = [];
  const kept = new Map(present ? present.split('; ').map(pair => pair.split('=') as [string, string]) : []);
  vi.spyOn(document, 'cookie', 'get').mockImplementation(() =>
    [...kept].map(([name, value]) => `${name}=${value}`).join('; '),
  );
  vi.spyOn(document, 'cookie', 'set').mockImplementation(line => {
    written.push(line);
    const [pair, ...attributes] = line.split('; ');
    const [name, value] = pair!.split('=') as [string, string];
    const domain = attributes.find(attribute => attribute.startsWith('domain='))?.slice(7);
    if (!takes(domain)) return;
    if (attributes.includes('max-age=0')) kept.delete(name);
    else kept.set(name, value);
  });
  return written;
};

const domains = (written: string[]) => written.map(line => /domain=([^;]*)/.exec(line)?.[1]);

beforeEach(() => visit('https://www.shop.example/'));
afterEach(() => vi.restoreAllMocks());

describe('a cookie', () => {
  it('has the value that was last written, and none before', () => {
    const visitor = cookie('shoptrail_id');
    expect(visitor.read()).toBeUndefined();
    visitor.write('one');
    expect(visitor.read()).toBe('one');
    visitor.write('two');
    expect(visitor.read()).toBe('two');
    expect(document.cookie).toBe('shoptrail_id=two');
  });

  it.each([
    ['first', 'shoptrail_id=a; other=1', 'a'],
    ['last', 'other=1; shoptrail_id=a', 'a'],
    ['behind one whose name ends like it', 'my_shoptrail_id=b; shoptrail_id=a', 'a'],
    ['behind one whose name begins like it', 'shoptrail_id2=b; shoptrail_id=a', 'a'],
    ['with = in its value', 'shoptrail_id=a=b; other=1', 'a=b'],
    ['empty', 'shoptrail_id=; other=1', ''],
    ['only in the value of another', 'other=shoptrail_id=b', undefined],
    ['only as a part of another name', 'shoptrail_id2=b; xshoptrail_id=c', undefined],
    ['nowhere', '', undefined],
  ])('is read where it stands: %s', (_, cookies, value) => {
    vi.spyOn(document, 'cookie', 'get').mockReturnValue(cookies);
    expect(cookie('shoptrail_id').read()).toBe(value);
  });

  it('lives 400 days, on every path, is sent along when the shop is entered by a link, and is secure on https', () => {
    const written = browserThatTakes(() => true);
    cookie('shoptrail_id').write('a');
    expect(written).toEqual([
      `shoptrail_id=a; path=/; samesite=lax; max-age=${400 * 24 * 60 * 60}; secure; domain=shop.example`,
    ]);
  });

  it('is not secure on plain http, where it would be refused', () => {
    visit('http://www.shop.example/');
    const written = browserThatTakes(() => true);
    cookie('shoptrail_id').write('a');
    expect(written.join()).not.toContain('secure');
    expect(cookie('shoptrail_id').read()).toBe('a');
  });

  it.each([
    ['https://shop.example/', () => true, ['shop.example']],
    ['https://a.b.shop.example/', () => true, ['shop.example']],
    ['https://www.shop.co.uk/', (domain?: string) => domain !== 'co.uk', ['co.uk', 'shop.co.uk']],
    ['https://shop.co.uk/', (domain?: string) => domain !== 'co.uk', ['co.uk', 'shop.co.uk']],
    [
      'https://shop.github.io/',
      (domain?: string) => !domain?.endsWith('github.io'),
      ['github.io', 'shop.github.io', undefined],
    ],
    ['http://localhost:8080/', () => true, [undefined]],
    ['http://127.0.0.1:8080/', () => true, [undefined]],
    ['http://[::1]:8080/', () => true, [undefined]],
  ])('on %s is set for the broadest domain that the browser takes', (url, takes, tried) => {
    visit(url);
    const written = browserThatTakes(takes);
    cookie('shoptrail_id').write('a');
    expect(domains(written)).toEqual(tried);
    expect(cookie('shoptrail_id').read()).toBe('a');
  });

  it.each([
    ['https://shop.example/', [], ['shop.example'], 0],
    ['https://www.shop.example/', [], ['shop.example'], 0],
    ['http://localhost:8080/', [], [undefined], 0],
    ['http://127.0.0.1:8080/', [], [undefined], 0],
    ['https://m.shop.example/', [], ['shop.example'], 1],
    ['https://shop.com.ua/', ['com.ua'], ['com.ua', 'shop.com.ua'], 1],
    ['https://www.shop.com.ua/', ['com.ua'], ['com.ua', 'shop.com.ua'], 1],
    ['https://m.shop.com.ua/', ['com.ua'], ['com.ua', 'shop.com.ua'], 2],
    ['https://one.two.github.io/', ['github.io'], ['github.io', 'two.github.io'], 2],
  ])(
    'that is put on %s is there, and looked for only where it may be refused',
    (url, refused, tried, looks) => {
      visit(url);
      const written = browserThatTakes(domain => !refused.includes(domain as never));
      const get = vi.mocked(Object.getOwnPropertyDescriptor(document, 'cookie')!.get!);
      get.mockClear();
      const { there, domain } = cookie('shoptrail_id').put('a', '');
      expect(get).toHaveBeenCalledTimes(looks);
      expect(domains(written)).toEqual(tried);
      expect(domain).toBe(tried.at(-1) ?? '');
      expect(there).toBe('a');
      expect(cookie('shoptrail_id').read()).toBe('a');
    },
  );

  it('that the browser refuses everywhere costs nothing but the attempts', () => {
    const written = browserThatTakes(() => false);
    cookie('shoptrail_id').write('a');
    expect(domains(written)).toEqual(['shop.example', 'www.shop.example', undefined]);
    expect(cookie('shoptrail_id').read()).toBeUndefined();
  });

  it('is not written once more for a narrower domain when another tab has written in the same moment', () => {
    const written: string[] = [];
    vi.spyOn(document, 'cookie', 'get').mockImplementation(() =>
      written.length ? 'shoptrail_id=theirs' : '',
    );
    vi.spyOn(document, 'cookie', 'set').mockImplementation(line => written.push(line));
    cookie('shoptrail_id').write('ours');
    expect(domains(written)).toEqual(['shop.example']);
  });

  it('is removed from every domain it may have been set for', () => {
    const written = browserThatTakes(() => true, 'shoptrail_id=a');
    cookie('shoptrail_id').remove();
    expect(cookie('shoptrail_id').read()).toBeUndefined();
    expect(domains(written)).toEqual(['shop.example', 'www.shop.example', undefined]);
    expect(written.every(line => line.startsWith('shoptrail_id=; ') && line.includes('max-age=0'))).toBe(
      true,
    );
  });

  it('leaves the other cookies of the shop alone', () => {
    browserThatTakes(() => true, 'session=1; shoptrail_id=a; shoptrail_cart=b');
    cookie('shoptrail_id').remove();
    expect(document.cookie).toBe('session=1; shoptrail_cart=b');
    cookie('shoptrail_cart').write('c');
    expect(document.cookie).toBe('session=1; shoptrail_cart=c');
  });
});

describe('a look', () => {
  let time = Date.now();
  const looks = (cookies: string) => vi.spyOn(document, 'cookie', 'get').mockReturnValue(cookies).mockClear();
  beforeEach(() => {
    // What an earlier test has seen is old by now.
    time += 1000;
    vi.spyOn(Date, 'now').mockImplementation(() => time);
  });

  it('serves who asks soon after it, and the next look too', () => {
    const get = looks('a=1; b=2');
    look();
    get.mockReturnValue('a=3');
    time += FRESH - 1;
    look();
    expect(cookie('a').read()).toBe('1');
    expect(cookie('b').all()).toEqual(['2']);
    expect(get).toHaveBeenCalledTimes(1);
  });

  it('serves nobody who asks later', () => {
    const get = looks('a=1');
    look();
    get.mockReturnValue('a=2');
    time += FRESH;
    expect(cookie('a').read()).toBe('2');
    look();
    expect(cookie('a').read()).toBe('2');
  });

  it('serves nobody after its end', () => {
    const get = looks('a=1');
    look();
    lookAway();
    get.mockReturnValue('a=2');
    expect(cookie('a').read()).toBe('2');
  });

  it('at the end of the task is the same, and none where there is one already', async () => {
    const get = looks('a=1');
    await lookSoon();
    get.mockReturnValue('a=2');
    await lookSoon();
    look();
    expect(cookie('a').read()).toBe('1');
    expect(get).toHaveBeenCalledTimes(1);
    lookAway();
    await lookSoon();
    expect(cookie('a').read()).toBe('2');
  });

  it('at the end of the task serves nobody when another has ended since', async () => {
    const get = looks('').mockImplementation(() => {
      queueMicrotask(lookAway);
      return 'a=1';
    });
    await lookSoon();
    get.mockReturnValue('a=2');
    expect(cookie('a').read()).toBe('2');
  });

  it('is needed by nobody: without one each reading is its own', () => {
    const get = looks('a=1');
    expect(cookie('a').read()).toBe('1');
    get.mockReturnValue('a=2');
    expect(cookie('a').read()).toBe('2');
  });

  it('serves nobody after a cookie was written or removed', () => {
    browserThatTakes(() => true, 'a=1');
    const { read, write, put, remove } = cookie('a');
    look();
    write('2');
    expect(read()).toBe('2');
    look();
    put('3');
    expect(read()).toBe('3');
    look();
    remove();
    expect(read()).toBeUndefined();
  });

  it('finds nothing, and throws nothing, where cookies can be neither read nor written', async () => {
    const sandboxed = () => {
      throw Error('sandboxed');
    };
    vi.spyOn(document, 'cookie', 'get').mockImplementation(sandboxed);
    vi.spyOn(document, 'cookie', 'set').mockImplementation(sandboxed);
    look();
    expect(cookie('a').read()).toBeUndefined();
    lookAway();
    await lookSoon();
    expect(cookie('a').read()).toBeUndefined();
    lookAway();
    expect(cookie('a').all()).toEqual([]);
    expect(cookie('a').write('b').there).toBe('');
    cookie('a').remove();
  });
});
