import { describe, expect, it } from 'vitest';
import { readSettings } from '../../../src/relay/hosts/settings';

const key = { PLATFORM_API_KEY: 'secret-key' };

const problemsOf = (environment: Record<string, string>) => {
  const read = readSettings(environment);
  return 'problems' in read ? read.problems : [];
};

const settingsOf = (environment: Record<string, string>) => {
  const read = readSettings(environment);
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return read.settings;
};

describe('the settings', () => {
  it('need nothing but a key', () => {
    expect(settingsOf(key)).toMatchObject({
      PLATFORM_URL: 'https://esputnik.com/api',
      secret: { apiKey: 'secret-key' },
      HOST: '127.0.0.1',
      PORT: 8081,
      PORT_FALLBACK: false,
      BASE_PATH: '/x',
      OUTBOX: `${process.cwd()}/shoptrail-outbox.db`,
      RETENTION_DAYS: 30,
      RATE_VISITOR: 1_200,
      RATE_ADDRESS: 12_000,
      TRUST_PROXY: 0,
      BOTS: 'drop',
      OUTBOX_ALARM_SECONDS: 600,
      PLATFORM_RATE_MAX: 200,
      FRESH_MINUTES: 60,
      HISTORY_DELAY_MINUTES: 10,
      SUBSCRIBE: false,
      RATE_SUBSCRIBE: 20,
      LOG_LEVEL: 'info',
    });
  });

  it('take a line without a value for a missing one', () => {
    expect(settingsOf({ ...key, PORT: '', PLATFORM_TOKEN: '', ALLOWED_ORIGINS: ' ' })).toMatchObject({
      PORT: 8081,
      ALLOWED_ORIGINS: undefined,
    });
  });

  it('are read as they are meant', () => {
    expect(
      settingsOf({
        PLATFORM_TOKEN: 'token',
        PLATFORM_URL: 'http://127.0.0.1:8082/api/',
        BASE_PATH: '/',
        ALLOWED_ORIGINS: 'https://a.example, https://b.example:8443',
        EVENTS: 'productViewed,!pageViewed',
        TRUST_PROXY: 'on',
        PORT_FALLBACK: 'ON',
        PLATFORM_TIMEZONE: 'Europe/Kyiv',
        PORT: '0',
        SUBSCRIBE: 'on',
        SUBSCRIBE_GROUPS: 'News, Sale of the week',
      }),
    ).toMatchObject({
      secret: { token: 'token' },
      PLATFORM_URL: 'http://127.0.0.1:8082/api',
      BASE_PATH: '',
      ALLOWED_ORIGINS: ['https://a.example', 'https://b.example:8443'],
      EVENTS: 'productViewed,!pageViewed',
      TRUST_PROXY: 1,
      PORT_FALLBACK: true,
      PLATFORM_TIMEZONE: 'Europe/Kyiv',
      PORT: 0,
      SUBSCRIBE: true,
      SUBSCRIBE_GROUPS: ['News', 'Sale of the week'],
    });
    expect(settingsOf({ ...key, TRUST_PROXY: '2' }).TRUST_PROXY).toBe(2);
  });

  it.each([
    ['PLATFORM_URL', 'esputnik.com'],
    ['PLATFORM_URL', 'ftp://esputnik.com/api'],
    ['PLATFORM_URL', 'https://user:pass@esputnik.com/api'],
    ['PLATFORM_URL', 'https://esputnik.com/api?key=1'],
    ['PLATFORM_RATE_MAX', '0'],
    ['PLATFORM_TIMEZONE', 'Kyiv time'],
    ['FRESH_MINUTES', '0'],
    ['HISTORY_DELAY_MINUTES', '61'],
    ['SUBSCRIBE', 'yes'],
    ['RATE_SUBSCRIBE', '-1'],
    ['HOST', 'http://x'],
    ['PORT', '80a'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT_FALLBACK', 'yes'],
    ['BASE_PATH', 'x'],
    ['BASE_PATH', '/x?y'],
    ['OUTBOX', '/no/such/folder/outbox.db'],
    ['OUTBOX', '.'],
    ['ALLOWED_ORIGINS', 'shop.example'],
    ['ALLOWED_ORIGINS', 'https://shop.example/'],
    ['ALLOWED_ORIGINS', '*'],
    ['EVENTS', '!!pageViewed'],
    ['RETENTION_DAYS', '29'],
    ['RATE_VISITOR', 'many'],
    ['RATE_ADDRESS', '1.5'],
    ['TRUST_PROXY', 'yes'],
    ['BOTS', 'on'],
    ['OPERATOR_TOKEN', 'short'],
    ['OPERATOR_TOKEN', 'sixteen characters with blanks'],
    ['OUTBOX_ALARM_SECONDS', '0'],
    ['LOG_LEVEL', 'loud'],
    ['TAG_DIR', '/no/such/folder'],
  ])('%s=%s is one sentence that names it', (name, value) => {
    const problems = problemsOf({ ...key, [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name}: .+\\.$`));
  });

  it('say everything that is wrong at once', () => {
    const problems = problemsOf({ PORT: 'x', RETENTION_DAYS: '1', BOTS: 'x' });
    expect(problems.map(problem => problem.split(':')[0])).toEqual(
      expect.arrayContaining(['PORT', 'RETENTION_DAYS', 'BOTS', 'PLATFORM_API_KEY']),
    );
    expect(problems).toHaveLength(4);
  });

  it('want one credential and print none', () => {
    expect(problemsOf({})).toEqual([expect.stringMatching(/^PLATFORM_API_KEY: missing/)]);
    expect(problemsOf({ PLATFORM_API_KEY: 'one', PLATFORM_TOKEN: 'two' })).toEqual([
      expect.stringMatching(/not both/),
    ]);
    const problems = problemsOf({ PLATFORM_API_KEY: 'hush\nhush', OPERATOR_TOKEN: 'hush' });
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toContain('hush');
  });
});
