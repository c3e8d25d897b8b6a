import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';

/** Left out and empty are the same: a `.env` file often has a line without a value. */
const optional = <Schema extends v.GenericSchema<string, unknown>>(schema: Schema, otherwise?: string) =>
  v.pipe(
    v.optional(v.string(), otherwise ?? ''),
    v.trim(),
    v.transform(text => text || otherwise),
    v.optional(schema),
  );

const whole = (min: number, max: number, expected: string) =>
  v.pipe(
    v.string(),
    v.regex(/^\d+$/, expected),
    v.transform(Number),
    v.minValue(min, expected),
    v.maxValue(max, expected),
  );

const onOff = (expected: string) =>
  v.pipe(
    v.string(),
    v.toLowerCase(),
    v.picklist(['on', 'off'], expected),
    v.transform(text => text === 'on'),
  );

const url = (text: string): URL | undefined => {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
};

const isWebUrl = (text: string) => /^https?:$/.test(url(text)?.protocol ?? '');

const isTimeZone = (name: string) => {
  try {
    return !!new Intl.DateTimeFormat('en', { timeZone: name });
  } catch {
    return false;
  }
};

const isWritableFolder = (folder: string) => {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
};

const isWritableFile = (file: string) => {
  if (!existsSync(file)) return true;
  try {
    accessSync(file, constants.R_OK | constants.W_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
};

const list = (text: string) =>
  text
    .split(',')
    .map(part => part.trim())
    .filter(Boolean);

const isOrigin = (text: string) => text === 'null' || (isWebUrl(text) && url(text)?.origin === text);

/** A header value: printable ASCII without spaces (RFC 9110 section 5.5). */
const isSecret = (text: string) => /^[\x21-\x7e]+$/.test(text);
const secretExpected = 'expected printable characters without spaces or line breaks. Copy it again.';

/** Every setting of the Node host. All come from the environment; each says what is wrong with it in one sentence. */
const schema = v.object({
  /** The platform's API. Default `https://esputnik.com/api`. For the sandbox: `http://127.0.0.1:8082/api`. */
  PLATFORM_URL: optional(
    v.pipe(
      v.string(),
      v.check(
        text => isWebUrl(text) && !url(text)!.search && !url(text)!.hash && !url(text)!.username,
        'expected a web address without a key or query, such as https://esputnik.com/api.',
      ),
      v.transform(text => text.replace(/\/+$/, '')),
    ),
    'https://esputnik.com/api',
  ),
  /** An API key of the account with the right to generate events. It is never printed. */
  PLATFORM_API_KEY: optional(v.pipe(v.string(), v.check(isSecret, secretExpected))),
  /** A Bearer token instead of an API key. It is never printed. */
  PLATFORM_TOKEN: optional(v.pipe(v.string(), v.check(isSecret, secretExpected))),
  /** Requests a second that the platform is offered at most. Default 200. The relay begins with 20 and learns. */
  PLATFORM_RATE_MAX: optional(whole(1, 10_000, 'expected requests a second, 1 to 10000.'), '200'),
  /** The account's time zone, an IANA name such as `Europe/Kyiv`. For history, which has minutes but no zone. Default none. */
  PLATFORM_TIMEZONE: optional(
    v.pipe(v.string(), v.check(isTimeZone, 'expected the name of a time zone, such as Europe/Kyiv.')),
  ),
  /** A held event (`anonymous: 'hold'`) older than this when it arrives goes to past events, in minutes. Default 60. */
  FRESH_MINUTES: optional(whole(1, 10_080, 'expected minutes, 1 to 10080.'), '60'),
  /** How long history waits before it is sent, 0 to 60 minutes. Default 10: the platform must know the contact first. */
  HISTORY_DELAY_MINUTES: optional(whole(0, 60, 'expected minutes, 0 to 60.'), '10'),
  /** `on` takes subscriptions of newsletter forms. Default `off`. The key needs the right to add contacts. */
  SUBSCRIBE: optional(onOff('expected on or off.'), 'off'),
  /** The only groups that a page may subscribe to, by comma. Default any. */
  SUBSCRIBE_GROUPS: optional(v.pipe(v.string(), v.transform(list))),
  /** Subscriptions an hour for each address, each visitor, and each email or phone, 0 = no limit. Default 20. */
  RATE_SUBSCRIBE: optional(whole(0, 100_000, 'expected subscriptions an hour, 0 for no limit.'), '20'),
  /** The address to listen on. Default `127.0.0.1`: this machine only. `0.0.0.0` for all. */
  HOST: optional(
    v.pipe(v.string(), v.regex(/^[\w.:-]+$/, 'expected an address to listen on, such as 127.0.0.1.')),
    '127.0.0.1',
  ),
  /** The port to listen on. Default 8081; 0 takes any free one. */
  PORT: optional(whole(0, 65_535, 'expected a port, 0 to 65535.'), '8081'),
  /** `on`: takes a free port when PORT is taken. Default `off`: says so and ends. */
  PORT_FALLBACK: optional(onOff('expected on or off.'), 'off'),
  /** The path that all public routes begin with, as the reverse proxy hands it on. Default `/x`; `/` for none. */
  BASE_PATH: optional(
    v.pipe(
      v.string(),
      v.regex(/^\/[\w./~-]*$/, 'expected a path that begins with a slash, such as /x.'),
      v.transform(path => path.replace(/\/+$/, '')),
    ),
    '/x',
  ),
  /** The outbox's file, created when missing. Default `./shoptrail-outbox.db`. It must be on a local disk. */
  OUTBOX: optional(
    v.pipe(
      v.string(),
      v.transform(path => resolve(path)),
      v.check(
        path => isWritableFolder(dirname(path)),
        'its folder must exist and be writable: the outbox keeps other files beside it.',
      ),
      v.check(isWritableFile, 'expected a file that can be read and written.'),
    ),
    './shoptrail-outbox.db',
  ),
  /** Origins beside the relay's own whose pages may send events, by comma: `https://shop.example`. Default none. */
  ALLOWED_ORIGINS: optional(
    v.pipe(
      v.string(),
      v.transform(list),
      v.check(
        origins => origins.every(isOrigin),
        'expected origins by comma, each with its scheme and without a path: https://shop.example,https://www.shop.example.',
      ),
    ),
  ),
  /** Which event types leave, by comma; `!type` for those that do not. Default all. The others are accepted and not forwarded. */
  EVENTS: optional(
    v.pipe(
      v.string(),
      v.check(
        text => list(text).every(name => /^!?[^!]{1,100}$/.test(name)),
        'expected event types by comma, with ! before those that must not leave: productViewed,!pageViewed.',
      ),
    ),
  ),
  /** How long ids of settled events and dead letters are kept, in days. Default and least 30: repeats are known that long. */
  RETENTION_DAYS: optional(whole(30, 3_650, 'expected days, at least 30.'), '30'),
  /** Events a minute for each visitor, 0 = no limit. Default 1200: a visitor's whole queue may come at once. */
  RATE_VISITOR: optional(whole(0, 1_000_000, 'expected events a minute, 0 for no limit.'), '1200'),
  /** Events a minute for each address, 0 = no limit. Default 12000: a whole office may share one. */
  RATE_ADDRESS: optional(whole(0, 10_000_000, 'expected events a minute, 0 for no limit.'), '12000'),
  /** `on` when a reverse proxy of yours sets X-Forwarded-For, a number when there are several in a row. Default `off`. */
  TRUST_PROXY: optional(
    v.pipe(
      v.string(),
      v.toLowerCase(),
      v.regex(/^(on|off|[1-9])$/, 'expected on, off, or the number of your proxies in a row.'),
      v.transform(text => (text === 'off' ? 0 : text === 'on' ? 1 : Number(text))),
    ),
    'off',
  ),
  /** `keep` stores what bots send. Default `drop`: it is accepted and forgotten, and counted. */
  BOTS: optional(v.picklist(['keep', 'drop'], 'expected keep or drop.'), 'drop'),
  /** Opens `/operator/*` and remote `/metrics` to who sends it as a Bearer token. At least 16 characters. Default none. */
  OPERATOR_TOKEN: optional(
    v.pipe(
      v.string(),
      v.check(isSecret, secretExpected),
      v.minLength(16, 'expected at least 16 characters.'),
    ),
  ),
  /**
   * How old the oldest waiting event or subscription may get before an alarm line is logged, in seconds. Default 600.
   * History, which waits by design, and what stands aside do not count.
   */
  OUTBOX_ALARM_SECONDS: optional(whole(1, 31_536_000, 'expected seconds, at least 1.'), '600'),
  /** `debug`, `info`, `warn`, `error` or `silent`. Default `info`. */
  LOG_LEVEL: optional(
    v.picklist(['debug', 'info', 'warn', 'error', 'silent'], 'expected debug, info, warn, error or silent.'),
    'info',
  ),
  /** The folder with shoptrail.js. Default: where the relay's own file lies. */
  TAG_DIR: optional(
    v.pipe(
      v.string(),
      v.transform(path => resolve(path)),
      v.check(path => existsSync(path) && statSync(path).isDirectory(), 'expected an existing folder.'),
    ),
  ),
});

type Read = v.InferOutput<typeof schema>;
type WithDefault = Exclude<
  keyof Read,
  | 'PLATFORM_API_KEY'
  | 'PLATFORM_TOKEN'
  | 'PLATFORM_TIMEZONE'
  | 'SUBSCRIBE_GROUPS'
  | 'ALLOWED_ORIGINS'
  | 'EVENTS'
  | 'OPERATOR_TOKEN'
  | 'TAG_DIR'
>;

/** The settings as read: those with a default are always there. */
export type Settings = { [Name in WithDefault]-?: NonNullable<Read[Name]> } & Omit<
  Read,
  WithDefault | 'PLATFORM_API_KEY' | 'PLATFORM_TOKEN'
> & {
    /** The one credential that was given. */
    secret: { apiKey: string } | { token: string };
  };

const keyMissing =
  'PLATFORM_API_KEY: missing. Set it to an API key of the platform account (or PLATFORM_TOKEN to a token).';
const keyTwice = 'PLATFORM_API_KEY and PLATFORM_TOKEN: set one of them, not both.';

/**
 * Reads the settings from the environment, or says everything that is wrong with them: one sentence each, which
 * begins with the name and never quotes a value.
 */
export const readSettings = (
  environment: Record<string, string | undefined>,
): { settings: Settings } | { problems: string[] } => {
  const read = v.safeParse(schema, environment);
  const problems = new Map<string, string>();
  for (const issue of read.issues ?? []) {
    const name = v.getDotPath(issue) ?? 'settings';
    // The first one of a setting is enough: what follows from it would only confuse.
    if (!problems.has(name)) problems.set(name, `${name}: ${issue.message}`);
  }
  const has = (name: string) => !!environment[name]?.trim();
  if (has('PLATFORM_API_KEY') && has('PLATFORM_TOKEN')) problems.set('secret', keyTwice);
  if (!has('PLATFORM_API_KEY') && !has('PLATFORM_TOKEN')) problems.set('secret', keyMissing);
  if (!read.success || problems.size) return { problems: [...problems.values()] };
  const { PLATFORM_API_KEY: apiKey, PLATFORM_TOKEN: token, ...rest } = read.output;
  return { settings: { ...rest, secret: apiKey ? { apiKey } : { token } } as Settings };
};
