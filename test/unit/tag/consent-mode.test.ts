// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../../src/tag/consent/consent';
import { consentMode } from '../../../src/tag/consent/sources/consent-mode';

const page = window as { dataLayer?: unknown };
let source: () => Answer | undefined;

/** What the source answers when it is asked: events, then identity; `-` where it says nothing. */
const asked = () => {
  const answer = source();
  return answer && `${answer.events ?? '-'} ${answer.identity ?? '-'}`;
};

/** As banners push: the arguments of a function. */
function gtag(..._: unknown[]) {
  // biome-ignore lint/complexity/noArguments: that is what gtag() pushes
  (page.dataLayer as unknown[]).push(arguments);
}

const v2 = (value: string) => ({
  ad_storage: value,
  ad_user_data: value,
  ad_personalization: value,
  analytics_storage: value,
});
const [granted, denied] = [v2('granted'), v2('denied')];

beforeEach(() => {
  page.dataLayer = [];
  source = consentMode(() => {});
});
afterEach(() => {
  delete page.dataLayer;
});

describe('Google Consent Mode', () => {
  it('says nothing on a page without a dataLayer', () => {
    delete page.dataLayer;
    expect(asked()).toBeUndefined();
  });

  it('says nothing while the dataLayer has no consent command', () => {
    expect(asked()).toBeUndefined();
    gtag('js', new Date());
    gtag('config', 'G-1', { consent: 'granted' });
    (page.dataLayer as unknown[]).push({ event: 'gtm.js', consent: 'default', 'gtm.start': 1 });
    expect(asked()).toBeUndefined();
  });

  it('default before the tag: denied is how banners begin, and no refusal', () => {
    gtag('consent', 'default', denied);
    expect(asked()).toBe('pending pending');
  });

  it('default before the tag: granted', () => {
    gtag('consent', 'default', granted);
    expect(asked()).toBe('granted granted');
  });

  it('default late, after the tag’s first question', () => {
    expect(asked()).toBeUndefined();
    gtag('consent', 'default', denied);
    expect(asked()).toBe('pending pending');
  });

  it('dataLayer itself late, after the tag’s first question', () => {
    delete page.dataLayer;
    expect(asked()).toBeUndefined();
    page.dataLayer = [];
    gtag('consent', 'default', denied);
    expect(asked()).toBe('pending pending');
  });

  it('update before default: the update counts', () => {
    gtag('consent', 'update', granted);
    gtag('consent', 'default', denied);
    expect(asked()).toBe('granted granted');
  });

  it('update before default, each seen alone', () => {
    gtag('consent', 'update', denied);
    expect(asked()).toBe('denied denied');
    gtag('consent', 'default', granted);
    expect(asked()).toBe('denied denied');
  });

  it('update without any default', () => {
    gtag('consent', 'update', granted);
    expect(asked()).toBe('granted granted');
  });

  it('default denied, then update granted: the banner was answered with yes', () => {
    gtag('consent', 'default', denied);
    expect(asked()).toBe('pending pending');
    gtag('consent', 'update', granted);
    expect(asked()).toBe('granted granted');
  });

  it('default denied, then update denied: the banner was answered with no', () => {
    gtag('consent', 'default', denied);
    expect(asked()).toBe('pending pending');
    gtag('consent', 'update', denied);
    expect(asked()).toBe('denied denied');
  });

  it('default granted, then update denied: the visitor has opted out', () => {
    gtag('consent', 'default', granted);
    expect(asked()).toBe('granted granted');
    gtag('consent', 'update', denied);
    expect(asked()).toBe('denied denied');
  });

  it('default denied, update granted, and later update denied: withdrawn', () => {
    gtag('consent', 'default', denied);
    gtag('consent', 'update', granted);
    expect(asked()).toBe('granted granted');
    gtag('consent', 'update', denied);
    expect(asked()).toBe('denied denied');
  });

  it('update of one purpose leaves the other with its default', () => {
    gtag('consent', 'default', denied);
    gtag('consent', 'update', { analytics_storage: 'granted' });
    expect(asked()).toBe('granted pending');
    gtag('consent', 'update', { ad_user_data: 'denied' });
    expect(asked()).toBe('granted denied');
  });

  it('two banners: of two updates the later counts, for each purpose', () => {
    gtag('consent', 'default', denied);
    gtag('consent', 'default', denied);
    gtag('consent', 'update', granted);
    gtag('consent', 'update', { analytics_storage: 'denied' });
    expect(asked()).toBe('denied granted');
    gtag('consent', 'update', { analytics_storage: 'granted', ad_user_data: 'denied' });
    expect(asked()).toBe('granted denied');
  });

  it('two banners: of two defaults the later counts, for each purpose', () => {
    gtag('consent', 'default', denied);
    gtag('consent', 'default', { analytics_storage: 'granted' });
    expect(asked()).toBe('granted pending');
    gtag('consent', 'default', { analytics_storage: 'denied', ad_user_data: 'granted' });
    expect(asked()).toBe('pending granted');
  });

  it('defaults with regions: denied for one only is taken to be for this visitor', () => {
    gtag('consent', 'default', { ...denied, region: ['DE'] });
    expect(asked()).toBe('pending pending');
  });

  it('defaults with regions: granted for all and denied for the EEA', () => {
    gtag('consent', 'default', { ...denied, region: ['AT', 'BE', 'DE'] });
    gtag('consent', 'default', granted);
    expect(asked()).toBe('pending pending');
  });

  it('defaults with regions: the other way round, and each seen alone', () => {
    gtag('consent', 'default', granted);
    expect(asked()).toBe('granted granted');
    gtag('consent', 'default', { ...denied, region: ['AT', 'BE', 'DE'] });
    expect(asked()).toBe('pending pending');
    gtag('consent', 'default', granted);
    expect(asked()).toBe('pending pending');
  });

  it('defaults with regions: granted for one only and denied for all is no yes', () => {
    gtag('consent', 'default', denied);
    gtag('consent', 'default', { ...granted, region: ['US-CA'] });
    expect(asked()).toBe('pending pending');
  });

  it('defaults with regions: granted for one only says nothing of the others', () => {
    gtag('consent', 'default', { ...granted, region: ['US'] });
    expect(asked()).toBe('- -');
  });

  it('defaults with regions: an update counts more', () => {
    gtag('consent', 'default', { ...denied, region: ['DE'] });
    gtag('consent', 'default', granted);
    gtag('consent', 'update', granted);
    expect(asked()).toBe('granted granted');
  });

  it('plain arrays, as templates and single-page shops push them', () => {
    page.dataLayer = [['consent', 'default', denied]];
    expect(asked()).toBe('pending pending');
    (page.dataLayer as unknown[]).push(['consent', 'update', granted]);
    expect(asked()).toBe('granted granted');
  });

  it('one array pushed several times, as banners with ready-made commands do', () => {
    const [yes, no] = [
      ['consent', 'update', granted],
      ['consent', 'update', denied],
    ];
    const layer = (page.dataLayer = [no] as unknown[]);
    expect(asked()).toBe('denied denied');
    layer.push(yes);
    expect(asked()).toBe('granted granted');
    layer.push(no);
    expect(asked()).toBe('denied denied');
  });

  it('dataLayer trimmed by Google Tag Manager: what was read before still counts', () => {
    const layer = page.dataLayer as unknown[];
    gtag('consent', 'default', denied);
    gtag('consent', 'update', { analytics_storage: 'granted' });
    expect(asked()).toBe('granted pending');
    layer.shift();
    expect(asked()).toBe('granted pending');
    layer.shift();
    for (let n = 0; n < 300; n++) layer.push({ event: `scroll ${n}` });
    expect(asked()).toBe('granted pending');
    gtag('consent', 'update', { analytics_storage: 'denied' });
    expect(asked()).toBe('denied pending');
  });

  it('dataLayer trimmed before the tag: the update that is left counts alone', () => {
    gtag('consent', 'default', denied);
    gtag('consent', 'update', { analytics_storage: 'granted' });
    (page.dataLayer as unknown[]).shift();
    expect(asked()).toBe('granted -');
  });

  it('dataLayer replaced by another array: what was read before counts, and what is new', () => {
    gtag('consent', 'default', denied);
    expect(asked()).toBe('pending pending');
    page.dataLayer = [];
    expect(asked()).toBe('pending pending');
    gtag('consent', 'update', { ad_user_data: 'denied' });
    expect(asked()).toBe('pending denied');
    page.dataLayer = [['consent', 'update', { analytics_storage: 'granted' }]];
    expect(asked()).toBe('granted denied');
  });

  it.each([
    ['an object', {}],
    ['an object with push()', { push: () => 1, length: 1, 0: ['consent', 'update', granted] }],
    ['a function', () => {}],
    ['a text', 'consent'],
    ['null', null],
    ['a number', 7],
    ['an element whose id is dataLayer', document.createElement('div')],
  ])('dataLayer that is no array: %s', (_, other) => {
    page.dataLayer = other;
    expect(asked()).toBeUndefined();
    page.dataLayer = [['consent', 'default', granted]];
    expect(asked()).toBe('granted granted');
  });

  it('strange entries are stepped over', () => {
    const odd = (name: string) => ({
      get [name](): never {
        throw Error('the shop’s own');
      },
    });
    page.dataLayer = [
      ...['consent', null, undefined, 0, true, Symbol('consent'), () => {}, [], [[]], new Date()],
      ...[
        odd('0'),
        {
          0: 'consent',
          ...{},
          get 1(): never {
            throw Error('the shop’s own');
          },
        },
      ],
      ...[Object.create(null), ['consent'], ['consent', Symbol('update'), granted], ['consent', {}, granted]],
      new Proxy(
        {},
        {
          get: () => {
            throw Error('the shop’s own');
          },
        },
      ),
      // biome-ignore lint/suspicious/noSparseArray: a hole is what is meant
      ...[, 'update'],
    ];
    expect(asked()).toBeUndefined();
    gtag('consent', 'update', granted);
    expect(asked()).toBe('granted granted');
    expect(asked()).toBe('granted granted');
  });

  it('a getter that throws in the values makes no yes', () => {
    gtag('consent', 'default', {
      ad_user_data: 'granted',
      get analytics_storage(): never {
        throw Error('the shop’s own');
      },
    });
    expect(asked()).toBe('- -');
  });

  it('wait_for_update alone, and beside values, is no answer', () => {
    gtag('consent', 'default', { wait_for_update: 500 });
    expect(asked()).toBe('- -');
    gtag('consent', 'default', { ...denied, wait_for_update: 500 });
    expect(asked()).toBe('pending pending');
  });

  it.each([true, 1, 'Granted', 'granted ', 'yes', '', null, undefined, ['granted'], { granted: true }])(
    'a value that is neither granted nor denied is no answer: %j',
    value => {
      gtag('consent', 'default', { analytics_storage: value, ad_user_data: value });
      expect(asked()).toBe('- -');
      gtag('consent', 'update', { analytics_storage: value, ad_user_data: value });
      expect(asked()).toBe('- -');
    },
  );

  it.each([undefined, null, 'granted', 7, []])('a command without values is no answer: %j', values => {
    gtag('consent', 'update', values);
    gtag('consent', 'update');
    expect(asked()).toBe('- -');
  });

  it('other commands of consent are none', () => {
    gtag('consent', 'declare', granted);
    gtag('consent', 'updated', granted);
    gtag('set', 'update', granted);
    expect(asked()).toBeUndefined();
  });

  it('names without ours: somebody speaks, but not of these purposes', () => {
    gtag('consent', 'default', { ad_storage: 'granted', functionality_storage: 'granted' });
    gtag('consent', 'update', { ad_storage: 'granted', ad_personalization: 'granted' });
    expect(asked()).toBe('- -');
  });

  it('a banner of the first version, which does not know ad_user_data: events alone', () => {
    gtag('consent', 'default', { ad_storage: 'denied', analytics_storage: 'denied' });
    expect(asked()).toBe('pending -');
    gtag('consent', 'update', { ad_storage: 'granted', analytics_storage: 'granted' });
    expect(asked()).toBe('granted -');
  });

  it('begins anew with each page: nothing is kept', () => {
    gtag('consent', 'update', granted);
    expect(asked()).toBe('granted granted');
    page.dataLayer = [];
    source = consentMode(() => {});
    expect(asked()).toBeUndefined();
  });

  it('replaces nothing of the page’s', () => {
    const layer = page.dataLayer as unknown[];
    gtag('consent', 'default', denied);
    asked();
    expect(Object.keys(layer)).toEqual(['0']);
    expect(layer.push).toBe(Array.prototype.push);
  });
});
