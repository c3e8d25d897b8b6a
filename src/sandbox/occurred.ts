/** The two formats of time of seed 002: `YYYY-MM-DD` and `YYYY-MM-DDTHH:mm`, in the account's time zone. */

const FORMAT = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}))?$/;

/** A local minute, and the moment it stands for. */
export interface Occurred {
  /** `YYYY-MM-DDTHH:mm` */
  local: string;
  /** Milliseconds since 1970. */
  at: number;
}

/**
 * Reads a time of the account.
 *
 * @param timeZone name of the account's zone, as `Europe/Kyiv`.
 * @returns undefined for any other format, and for days or minutes that no calendar has.
 */
export function readOccurred(value: unknown, timeZone: string): Occurred | undefined {
  const match = typeof value === 'string' ? FORMAT.exec(value) : null;
  if (!match) return undefined;
  const [year, month, day, hour, minute] = match.slice(1).map(part => Number(part ?? 0));
  const utc = Date.UTC(year!, month! - 1, day!, hour!, minute!);
  const local = new Date(utc).toISOString().slice(0, 16);
  if (local.slice(0, value!.toString().length) !== value) return undefined; // 2024-02-30 would roll over
  return { local, at: momentOf(utc, timeZone) };
}

/** The moment at which a clock in `timeZone` shows what a UTC clock shows at `utc`. */
function momentOf(utc: number, timeZone: string): number {
  // The offset can change between the guess and the moment itself, so it is asked for twice.
  const guess = utc - offset(utc, timeZone);
  return utc - offset(guess, timeZone);
}

function offset(moment: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(moment);
  const of = (type: string) => Number(parts.find(part => part.type === type)!.value);
  const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return shown - Math.floor(moment / 1000) * 1000;
}
