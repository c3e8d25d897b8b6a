// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { watchForms } from '../../../src/tag/capture/forms';

const MARK = 'data-shoptrail-identify';
const found = vi.fn();
watchForms(MARK, found);

/** Sends a form with these fields, and answers what was read of it: undefined when nothing was. */
const submit = (fields: string, attributes = MARK): Record<string, string> | undefined => {
  document.body.innerHTML = `<form ${attributes}>${fields}</form>`;
  document.forms[0]!.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  return found.mock.calls[0]?.[0];
};

beforeEach(() => found.mockReset());

describe('a marked form', () => {
  it('tells its fields of type email and tel, and those with a mark of their own', () => {
    expect(
      submit(`
        <input type="email" value="ann@shop.example">
        <input type="tel" value="+380501234567">
        <input type="hidden" ${MARK}="externalCustomerId" value="1001">
        <input type="text" name="name" value="Ann">
        <textarea ${MARK}="note">Hello</textarea>
        <select ${MARK}="city"><option value="kyiv" selected>Kyiv</option></select>
        <button>Send</button>
        <fieldset><input type="email" value=""></fieldset>`),
    ).toEqual({
      email: 'ann@shop.example',
      phone: '+380501234567',
      externalCustomerId: '1001',
      note: 'Hello',
      city: 'kyiv',
    });
  });

  it('takes a field’s own mark for more than its type', () => {
    expect(
      submit(`<input type="text" ${MARK}="email" value="a"><input type="tel" ${MARK}="pager" value="b">`),
    ).toEqual({
      email: 'a',
      pager: 'b',
    });
  });

  it('tells of itself, with its fields or without any', () => {
    expect(submit('<input value="1">')).toEqual({});
    expect(found.mock.calls[0]![1]).toBe(document.forms[0]);
  });

  it.each([
    `<input type="password" ${MARK}="email" value="secret">`,
    `<input type="text" autocomplete="cc-number" ${MARK}="phone" value="4111">`,
    `<input type="tel" autocomplete="cc-number" value="4111">`,
    `<input type="tel" autocomplete="section-pay billing cc-csc" value="123">`,
    `<input type="email" autocomplete="cc-name" value="ann">`,
  ])('never tells a password or a payment field, whatever its mark says: %s', field => {
    expect(submit(field)).toEqual({});
  });

  it('tells a field whose completion only looks like a payment’s', () => {
    expect(submit('<input type="email" autocomplete="email accc-x" value="a">')).toEqual({ email: 'a' });
  });

  it('is read as it is when it is sent, each time', () => {
    submit('<input type="email" value="a">');
    document.querySelector('input')!.value = 'b';
    document.forms[0]!.dispatchEvent(new Event('submit', { bubbles: true }));
    expect(found.mock.calls.map(([fields]) => fields)).toEqual([{ email: 'a' }, { email: 'b' }]);
  });

  it('is read though the page keeps the event to itself, and is not held up', () => {
    document.body.addEventListener('submit', event => event.stopImmediatePropagation(), {
      once: true,
      capture: true,
    });
    expect(submit('<input type="email" value="a">')).toEqual({ email: 'a' });
    const event = new Event('submit', { bubbles: true, cancelable: true });
    document.forms[0]!.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(false);
  });
});

describe('any other form', () => {
  it.each(['', 'data-shoptrail-subscribe', 'class="data-shoptrail-identify"'])(
    'is not read: <form %s>',
    attributes => {
      expect(submit('<input type="email" value="a">', attributes)).toBeUndefined();
    },
  );
});
