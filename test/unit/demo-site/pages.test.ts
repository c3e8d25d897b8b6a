import { describe, expect, it } from 'vitest';
import { allItems, categories, itemUrl, pictureUrl } from '../../../demo-site/catalogue';
import { attributes, json, visitor } from './visitor';

const paths = [
  '/',
  ...categories.map(({ slug }) => `/category/${slug}`),
  ...allItems().map(itemUrl),
  '/search',
  '/search?q=mug',
  '/search?q=zeppelin',
  '/cart',
  '/wishlist',
  '/sign-in',
  '/privacy',
];

function expectSafe(answer: Response, page: string) {
  const policy = answer.headers.get('content-security-policy') ?? '';
  const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1];
  expect(nonce).toMatch(/^[A-Za-z0-9+/]{22}==$/);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  const scripts = page.match(/<script\b[^>]*>/g)!;
  expect(scripts.length).toBeGreaterThanOrEqual(2);
  for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
  expect(page).not.toMatch(/<[^>]+ (style|on[a-z]+)=/);
}

describe('every page', () => {
  it.each(paths)('%s answers with the policy and its nonce on each script', async path => {
    const answer = await visitor().get(path);
    expect(answer.status).toBe(200);
    expectSafe(answer, await answer.text());
  });

  it('has the pasted line once, the currency, and images with their size', async () => {
    const page = await visitor({ consent: 'off' }).page('/');
    const lines = page.match(
      /<script async src="\/x\/shoptrail\.js" data-endpoint="\/x" nonce="[^"]+"><\/script>/g,
    );
    expect(lines).toHaveLength(1);
    expect(attributes(page, 'data-shoptrail-currency')).toEqual(['EUR']);
    for (const image of page.match(/<img[^>]*>/g)!) {
      expect(image).toMatch(/width="\d+" height="\d+"/);
      expect(image).toContain(' alt="');
    }
  });

  it('has another nonce on every request', async () => {
    const policies = await Promise.all(
      ['/', '/'].map(async path => (await visitor().get(path)).headers.get('content-security-policy')),
    );
    expect(policies[0]).not.toBe(policies[1]);
  });

  it('that does not exist answers 404 with the same policy', async () => {
    const answer = await visitor().get('/product/umbrella');
    expect(answer.status).toBe(404);
    expectSafe(answer, await answer.text());
  });

  it('links only to pages and pictures that exist', async () => {
    const { get } = visitor();
    const seen = new Set<string>();
    for (const path of paths) {
      const page = await (await get(path)).text();
      for (const link of [...attributes(page, 'href'), ...attributes(page, 'src')])
        if (link.startsWith('/') && !link.startsWith('/x/')) seen.add(link);
    }
    for (const link of seen) expect([link, (await get(link)).status]).toEqual([link, 200]);
  });

  it('links to the history only when there is a sandbox', async () => {
    expect(await visitor().page('/')).not.toContain('See what arrived');
    const page = await visitor({ sandboxUrl: 'http://127.0.0.1:8082' }).page('/');
    expect(page).toContain('<a href="http://127.0.0.1:8082/history">See what arrived</a>');
  });
});

describe('attributes for the tag', () => {
  it.each(allItems().map(item => [item.variant.id, item] as const))(
    'the product page of %s names that variant',
    async (id, item) => {
      const page = await visitor().page(itemUrl(item));
      const value = json(page, 'data-shoptrail-product') as Record<string, unknown>;
      const { productId, price, isInStock, ...own } = value;
      expect({ productId, price, isInStock }).toEqual({
        productId: id,
        price: item.variant.price,
        isInStock: item.variant.inStock ? 1 : 0,
      });
      for (const values of Object.values(own)) expect(values).toEqual([expect.any(String)]);
      const wish = attributes(page, 'data-shoptrail-wishlist').map(text => JSON.parse(text));
      expect(wish[0]).toEqual(value);
      expect(page.includes('data-buy disabled')).toBe(!item.variant.inStock);
    },
  );

  it('a product page carries the facts of all its variants for the switch', async () => {
    const page = await visitor().page('/product/tall-mug?color=ochre');
    const data = /<script type="application\/json" id="variants"[^>]*>(.*?)<\/script>/s.exec(page)![1]!;
    const facts = JSON.parse(data) as { url: string; price: string; product: { productId: string } }[];
    expect(facts.map(({ product }) => product.productId)).toEqual([
      'MUG-TALL-BLUE',
      'MUG-TALL-CELADON',
      'MUG-TALL-OCHRE',
      'MUG-TALL-SOOT',
    ]);
    expect(facts[2]).toMatchObject({ url: '/product/tall-mug?color=ochre', price: '€26.00' });
    expect(json(page, 'data-shoptrail-product')).toMatchObject({ productId: 'MUG-TALL-OCHRE', price: 26 });
  });

  it('only product pages have a product, only category pages a category', async () => {
    const { page } = visitor();
    for (const path of ['/', '/category/mugs', '/search?q=mug', '/cart', '/wishlist'])
      expect(attributes(await page(path), 'data-shoptrail-product')).toEqual([]);
    expect(attributes(await page('/category/mugs'), 'data-shoptrail-category')).toEqual(['Mugs']);
    expect(attributes(await page('/product/tall-mug'), 'data-shoptrail-category')).toEqual([]);
  });

  it('the recommendation block on the home page names its variant and its products', async () => {
    const page = await visitor().page('/');
    expect(attributes(page, 'data-shoptrail-impressions')).toEqual(['r12v34']);
    const ids = allItems().map(({ variant }) => variant.id);
    const shown = attributes(page, 'data-shoptrail-item');
    expect(shown).toHaveLength(4);
    for (const id of shown) expect(ids).toContain(id);
  });

  it.each([
    ['mug', '4'],
    ['TEAPOT blue', '1'],
    ['zeppelin', '0'],
  ])('a search for %s tells query and number of results', async (query, found) => {
    const page = await visitor().page(`/search?q=${encodeURIComponent(query)}`);
    expect(attributes(page, 'data-shoptrail-search')).toEqual([query]);
    expect(attributes(page, 'data-shoptrail-found')).toEqual([found]);
  });

  it('an empty search is none', async () => {
    expect(await visitor().page('/search?q=%20')).not.toContain('data-shoptrail-search');
  });

  it('a nasty search query stays text', async () => {
    const nasty = `"><script>alert(1)</script>'&<img src=x onerror=alert(2)>`;
    const page = await visitor().page(`/search?q=${encodeURIComponent(nasty)}`);
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain('<img src=x');
    expect(attributes(page, 'data-shoptrail-search')).toEqual([nasty]);
    expect(attributes(page, 'value')).toContain(nasty);
  });
});

describe('pictures', () => {
  it('every variant has one, well formed and without script or style', async () => {
    const { get } = visitor();
    for (const { variant } of allItems()) {
      const answer = await get(pictureUrl(variant));
      expect(answer.headers.get('content-type')).toContain('image/svg+xml');
      const svg = await answer.text();
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg".*<\/svg>$/s);
      expect(svg).not.toMatch(/undefined|NaN|style=|<script/);
    }
  });

  it('the favicon exists under both names', async () => {
    expect((await visitor().get('/favicon.svg')).status).toBe(200);
    expect((await visitor().get('/favicon.ico')).headers.get('location')).toBe('/favicon.svg');
  });
});
