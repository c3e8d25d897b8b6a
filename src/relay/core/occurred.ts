/**
 * Writes moments as `YYYY-MM-DDTHH:mm`, the local minute of a time zone: the form of `occurred` (seed 002). Summer time
 * is that of the moment itself. The hour that a clock shows twice in autumn is written the same both times: the form
 * has no room for the difference.
 *
 * @param timeZone an IANA name.
 * @throws RangeError when there is no such time zone.
 * @example occurredIn('Europe/Kyiv')(Date.UTC(2026, 6, 1, 9, 30)) // '2026-07-01T12:30'
 */
export const occurredIn = (timeZone: string): ((at: number) => string) => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  return at => {
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return `${part.year!.padStart(4, '0')}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
  };
};
