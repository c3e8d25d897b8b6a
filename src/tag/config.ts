/** What `init()` takes; on the pasted line the same names as data attributes: `data-default-country="380"`. */
export interface Options {
  /**
   * Where events are posted: the path or address of the relay, which stands for the platform's `/api`. Events go to
   * `{endpoint}/v2/event`. Required.
   * @example '/x'
   */
  endpoint: string;
  /**
   * `relay`: the endpoint is a Shoptrail relay. `v2`: it is a proxy of the shop's own that only adds the API key; every
   * event is posted alone, exactly as the platform has it, and what a beacon took counts as delivered: a weaker promise.
   * @default 'relay'
   */
  wire?: 'relay' | 'v2';
  /** Whether page views are sent by themselves: first load, soft navigation, return by the back button. @default true */
  pageViews?: boolean;
  /** Whether `data-shoptrail-*` attributes are read. @default true */
  attributes?: boolean;
  /**
   * Digits of the country that a national phone number belongs to: with "380", 0501234567 is 380501234567. Without it
   * only international numbers are taken. @default ''
   */
  defaultCountry?: string;
  /**
   * What becomes of events of visitors who have not said who they are. `send`: they go with the anonymous id as their
   * key, and belong to no contact. `hold`: they stay in the visitor's own browser until `identify()`, then the whole
   * trail is delivered; what is older than an hour as history, with its true minutes. Needs `PLATFORM_TIMEZONE` in the
   * relay. @default 'send'
   */
  anonymous?: 'send' | 'hold';
  /** Whether `identify()` sends one `visitorIdentified` event when it learns something. @default true */
  identifyEvent?: boolean;
  /**
   * When the visitor must have agreed before anything is stored or sent. `auto`: as soon as anything on the page speaks
   * of consent (`consent()`, Google Consent Mode, the WP Consent API, Global Privacy Control). `required`: always; until
   * one of them says yes, nothing is kept but in memory. @default 'auto'
   */
  consent?: 'auto' | 'required';
  /**
   * Where events wait for the visitor's answer. `memory`: they die with the page. `session`: in this tab's
   * sessionStorage over navigations; who the visitor is never waits there. @default 'memory'
   */
  consentHold?: 'memory' | 'session';
  /**
   * Further names of URL parameters whose values must not leave (`'voucher'`, or a list; on the line
   * `data-redact="voucher, ref"`), beside the built-in ones for addresses and secrets. `false` leaves URLs as they are.
   * @default []
   */
  redact?: string | string[] | false;
  /** How long a burst of events is gathered before it is sent, in milliseconds. @default 2000 */
  delay?: number;
  /**
   * How many events a page keeps at most, with what it took over from earlier pages; beyond it those worth least are
   * dropped, and `dropped` is told. @default 1000
   */
  maxEvents?: number;
  /** For how many days an event is kept. @default 30 */
  maxDays?: number;
  /** Whether to say in the console what was tracked, refused and delivered. @default false */
  debug?: boolean;
}

export const defaults: Required<Options> = {
  endpoint: '',
  wire: 'relay',
  pageViews: true,
  attributes: true,
  defaultCountry: '',
  anonymous: 'send',
  identifyEvent: true,
  consent: 'auto',
  consentHold: 'memory',
  redact: [],
  delay: 2000,
  maxEvents: 1000,
  maxDays: 30,
  debug: false,
};

/** Options with their defaults. Throws a sentence that says what to do when there is no endpoint. */
export const configure = (options: Partial<Options> = {}): Required<Options> => {
  const config: Required<Options> = { ...defaults };
  for (const name in options) {
    const value = options[name as keyof Options];
    if (value !== undefined) config[name as 'endpoint'] = value as string;
  }
  if (typeof config.endpoint !== 'string' || !config.endpoint) {
    throw Error(
      'init: no endpoint. Say where the relay is: data-endpoint="/x" on the script, or init({endpoint: "/x"})',
    );
  }
  return config;
};

/** The options on the pasted line: `data-debug` is true, `data-page-views="false"` is false. */
export const optionsOf = ({ dataset }: HTMLElement): Partial<Options> => {
  const options: Record<string, string | boolean> = {};
  for (const name in dataset) options[name] = dataset[name] === 'false' ? false : dataset[name] || true;
  return options;
};
