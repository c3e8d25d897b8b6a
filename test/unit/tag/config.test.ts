// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { configure, type Options, optionsOf } from '../../../src/tag/config';

/** The pasted line, as the page's parser makes it. */
const script = (attributes: string) => {
  document.body.innerHTML = `<script ${attributes}></script>`;
  return document.querySelector('script')!;
};

/** A line with bare attributes: they are empty texts in a browser's dataset, and not there in happy-dom's. */
const line = (dataset: Record<string, string>) => ({ dataset }) as unknown as HTMLElement;

describe('the options', () => {
  it('have the documented defaults beside the endpoint', () => {
    expect(configure({ endpoint: '/x' })).toMatchObject({
      endpoint: '/x',
      wire: 'relay',
      pageViews: true,
      attributes: true,
      defaultCountry: '',
      identifyEvent: true,
      consent: 'auto',
      consentHold: 'memory',
      redact: [],
      delay: 2000,
      maxEvents: 1000,
      maxDays: 30,
      debug: false,
    });
  });

  it('that are given stand, false and 0 included', () => {
    const options: Required<Options> = {
      endpoint: 'https://events.shop.example/x',
      wire: 'v2',
      pageViews: false,
      attributes: false,
      defaultCountry: '380',
      anonymous: 'hold',
      identifyEvent: false,
      consent: 'required',
      consentHold: 'session',
      redact: ['voucher'],
      delay: 0,
      maxEvents: 5,
      maxDays: 1,
      debug: true,
    };
    expect(configure(options)).toEqual(options);
  });

  it('are not shared: what one tag is given is not the next one’s default', () => {
    configure({ endpoint: '/x', delay: 5 });
    expect(configure({ endpoint: '/x' }).delay).toBe(2000);
  });

  it.each([[undefined], [null], [{}], [{ endpoint: '' }], [{ debug: true }]])(
    'without an endpoint are refused with a sentence that says what to do: %j',
    options => {
      expect(() => configure(options as Options)).toThrow(/data-endpoint="\/x".*init\(\{endpoint: "\/x"\}\)/);
    },
  );

  // the default, as with every option that is left out; page views are off then, without a word.
  it('that are undefined have their defaults', () => {
    expect(configure({ endpoint: '/x', pageViews: undefined }).pageViews).toBe(true);
  });
});

describe('the pasted line', () => {
  it('names the options in its data attributes, in the spelling of HTML', () => {
    expect(
      optionsOf(
        script('data-endpoint="/x" data-wire="v2" data-default-country="380" data-page-views="false"'),
      ),
    ).toEqual({ endpoint: '/x', wire: 'v2', defaultCountry: '380', pageViews: false });
  });

  it('switches an option on by its bare name, and off by "false"', () => {
    expect(optionsOf(line({ debug: '', attributes: 'false' }))).toEqual({ debug: true, attributes: false });
    expect(optionsOf(script('data-attributes="false"'))).toEqual({ attributes: false });
  });

  it('says nothing by its other attributes', () => {
    expect(optionsOf(script('id="a" nonce="b" data-endpoint="/x"'))).toEqual({ endpoint: '/x' });
    expect(optionsOf(script(''))).toEqual({});
  });

  // the sentence about the endpoint; an empty attribute reads as true, which breaks later in other words.
  it('with an empty endpoint is refused as one without', () => {
    expect(() => configure(optionsOf(line({ endpoint: '' })))).toThrow(/no endpoint/);
  });
});
