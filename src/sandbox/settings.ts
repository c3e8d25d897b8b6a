/** The settings of the sandbox, from the environment. */
import type { SandboxOptions } from './app';
import type { LocatorRule } from './rules';

/** What the sandbox was told. */
export interface Settings extends Omit<SandboxOptions, 'store' | 'clock'> {
  port: number;
  host: string;
  /** A file, or `:memory:`. */
  database: string;
}

/**
 * Reads PORT (8082), HOST (127.0.0.1), SANDBOX_API_KEY (sandbox-key), SANDBOX_TOKEN (sandbox-token), SANDBOX_DB
 * (:memory:), LOCATORS (lenient | strict), SANDBOX_PAST_DELETE (off | on), SANDBOX_TIMEZONE (UTC). An empty variable counts
 * as not set.
 *
 * @returns the settings, or one sentence for each that is wrong.
 */
export function readSettings(
  env: Record<string, string | undefined>,
): { settings: Settings } | { errors: string[] } {
  const errors: string[] = [];
  const text = (name: string, fallback: string) => env[name]?.trim() || fallback;
  const choice = <Option extends string>(name: string, options: readonly [Option, ...Option[]]): Option => {
    const given = text(name, options[0]);
    const found = options.find(option => option === given);
    if (!found) errors.push(`${name} must be ${options.join(' or ')}.`);
    return found ?? options[0];
  };

  const port = Number(text('PORT', '8082'));
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    errors.push('PORT must be a number from 0 to 65535.');
  const timeZone = text('SANDBOX_TIMEZONE', 'UTC');
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    errors.push('SANDBOX_TIMEZONE must be the name of a time zone, as Europe/Kyiv.');
  }
  const settings: Settings = {
    port,
    host: text('HOST', '127.0.0.1'),
    database: text('SANDBOX_DB', ':memory:'),
    apiKey: text('SANDBOX_API_KEY', 'sandbox-key'),
    token: text('SANDBOX_TOKEN', 'sandbox-token'),
    locators: choice<LocatorRule>('LOCATORS', ['lenient', 'strict']),
    pastDelete: choice('SANDBOX_PAST_DELETE', ['off', 'on']) === 'on',
    timeZone,
  };
  return errors.length > 0 ? { errors } : { settings };
}
