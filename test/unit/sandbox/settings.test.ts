import { describe, expect, it } from 'vitest';
import { readSettings } from '../../../src/sandbox/settings';

describe('settings', () => {
  it('need nothing', () => {
    expect(readSettings({ PORT: '' })).toEqual({
      settings: {
        port: 8082,
        host: '127.0.0.1',
        database: ':memory:',
        apiKey: 'sandbox-key',
        token: 'sandbox-token',
        locators: 'lenient',
        pastDelete: false,
        timeZone: 'UTC',
      },
    });
  });

  it('are read from the environment', () => {
    const env = { PORT: '0', LOCATORS: 'strict', SANDBOX_PAST_DELETE: 'on', SANDBOX_TIMEZONE: 'Europe/Kyiv' };
    expect(readSettings(env)).toMatchObject({
      settings: { port: 0, locators: 'strict', pastDelete: true, timeZone: 'Europe/Kyiv' },
    });
  });

  it('get one clear sentence for each that is wrong', () => {
    const env = { PORT: 'http', LOCATORS: 'loose', SANDBOX_PAST_DELETE: 'yes', SANDBOX_TIMEZONE: 'Kyiv' };
    expect(readSettings(env)).toEqual({
      errors: [
        expect.stringContaining('PORT'),
        expect.stringContaining('SANDBOX_TIMEZONE'),
        expect.stringContaining('LOCATORS'),
        expect.stringContaining('SANDBOX_PAST_DELETE'),
      ],
    });
  });
});
