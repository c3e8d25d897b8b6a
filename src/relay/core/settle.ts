import type { Log } from './log';
import type { ClaimedRow, Outbox, Outcome } from './outbox';
import { outboxRetry } from './pump';

/** Writes a verdict, again and again until it is written: while the process lives the row would stay `sending`. */
export const createSettle =
  (outbox: Outbox, log: Log, now: () => number, stopped: () => boolean) =>
  async (row: ClaimedRow, outcome: Outcome): Promise<void> => {
    for (;;) {
      try {
        return await outbox.settle(row, outcome, now());
      } catch (error) {
        log.error(
          { id: row.id, err: String(error) },
          'A verdict could not be written. Trying again every second.',
        );
        if (stopped()) return;
        await new Promise(resolve => setTimeout(resolve, outboxRetry));
      }
    }
  };
