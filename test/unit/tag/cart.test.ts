import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCart } from '../../../src/tag/cart/cart';
import { createJar } from './jar';

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
const mug = '[{"productId":"mug","quantity":1,"price":5}]';
const mugs = '[{"productId":"mug","quantity":2,"price":5}]';

describe('the cart', () => {
  it('has one id as long as it lives, whatever is in it and whichever page asks', () => {
    const jar = createJar();
    const cart = createCart(jar);
    const id = cart.id();
    expect(id).toMatch(UUID);
    cart.sent(id, mug);
    expect(cart.id()).toBe(id);
    cart.sent(id, mugs);
    expect(createCart(jar).id()).toBe(id);
  });

  it('begins anew after it was emptied, with the cookie gone and another id', () => {
    const jar = createJar();
    const cart = createCart(jar);
    const id = cart.id();
    cart.sent(id, mug);
    cart.sent(cart.id(), '[]');
    expect(jar.read()).toBeUndefined();
    expect(cart.id()).toMatch(UUID);
    expect(cart.id()).not.toBe(id);
  });

  it('leaves no cookie before anything is in it: asking writes nothing', () => {
    const jar = createJar();
    const cart = createCart(jar);
    cart.id();
    cart.isNews(mug);
    cart.isNews('[]');
    cart.sent(cart.id(), '[]');
    expect(jar.written).toEqual([]);
  });

  it('is news when it differs from the one last sent, and no news when it does not', () => {
    const jar = createJar();
    const cart = createCart(jar);
    expect(cart.isNews(mug)).toBe(true);
    cart.sent(cart.id(), mug);
    expect(cart.isNews(mug)).toBe(false);
    expect(createCart(jar).isNews(mug)).toBe(false);
    expect(cart.isNews(mugs)).toBe(true);
    cart.sent(cart.id(), mugs);
    expect(cart.isNews(mug)).toBe(true);
  });

  it('is news when it is emptied, once', () => {
    const cart = createCart(createJar());
    expect(cart.isNews('[]')).toBe(false);
    cart.sent(cart.id(), mug);
    expect(cart.isNews('[]')).toBe(true);
    cart.sent(cart.id(), '[]');
    expect(cart.isNews('[]')).toBe(false);
  });

  it('knows any two different carts apart, and one and the same cart again', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 2 }), fc.json({ maxDepth: 2 }), (one, other) => {
        fc.pre(one !== '[]' && other !== '[]');
        const cart = createCart(createJar());
        cart.sent('id', one);
        expect(cart.isNews(one)).toBe(false);
        expect(cart.isNews(other)).toBe(one !== other);
      }),
    );
  });

  it('of another person has another id and is news', () => {
    const jar = createJar();
    const cart = createCart(jar);
    const id = cart.id();
    cart.sent(id, mug);
    cart.forget();
    expect(jar.read()).toBeUndefined();
    expect(cart.id()).not.toBe(id);
    expect(cart.isNews(mug)).toBe(true);
  });

  it('keeps the id that the shop gave it', () => {
    const cart = createCart(createJar());
    cart.sent('shop-4711', mug);
    expect(cart.id()).toBe('shop-4711');
    expect(cart.isNews(mug)).toBe(false);
  });

  it('is known for as long as the page when the browser refuses cookies', () => {
    const cart = createCart(createJar(undefined, 'refused'));
    cart.sent(cart.id(), mug);
    expect(cart.isNews(mug)).toBe(false);
    expect(cart.id()).toMatch(UUID);
  });

  it('keeps its id when only the checksum of its cookie is damaged, and is news then', () => {
    for (const cookie of ['shop-4711', 'shop-4711|', 'shop-4711|?']) {
      const cart = createCart(createJar(cookie));
      expect(cart.id()).toBe('shop-4711');
      expect(cart.isNews(mug)).toBe(true);
    }
  });

  it('gets an id when its cookie has none', () => {
    expect(createCart(createJar('|abc')).id()).toMatch(UUID);
    expect(createCart(createJar('')).id()).toMatch(UUID);
  });

  // the same id on every event of this cart (seed 000), and no news; the cookie is split at the first point.
  it('keeps an id of the shop’s with a point in it', () => {
    const cart = createCart(createJar());
    cart.sent('cart.4711', mug);
    expect(cart.id()).toBe('cart.4711');
    expect(cart.isNews(mug)).toBe(false);
  });

  // the id lives as long as the page then, as the visitor's does; each event gets another one.
  it('has one id for the page when the browser refuses cookies', () => {
    const cart = createCart(createJar(undefined, 'refused'));
    const id = cart.id();
    cart.sent(id, mug);
    expect(cart.id()).toBe(id);
  });

  // Expected: another id, as with any damaged cookie; decoding it throws, at every cart event from then on.
  it('gets an id when its cookie is damaged so that it cannot be decoded', () => {
    expect(createCart(createJar('%|abc')).id()).toMatch(UUID);
  });
});
