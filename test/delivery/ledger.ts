import type { Ledger, Stored } from '../support/stack';
import { idOf as idIn, param } from '../support/stack';
import type { Exchange, Visitor } from './site';
import type { Account, Call } from './trial';

/** What is known of one trial when it is over. */
export interface Entry {
  accounts: Account[];
  visitor: Pick<Visitor, 'exchanges' | 'resent'>;
  /** Numbers of calls after which the browser was killed before anything could be kept. */
  excused: ReadonlySet<string>;
  /** Whether the tag may drop events in this scenario, and say so. */
  mayDrop: boolean;
}

/** The balance of one trial. */
export interface Balance {
  /** Calls that `track()` accepted. */
  tracked: number;
  /** Ids, or numbers of calls, of what the relay has not forwarded or the platform does not have. */
  lost: string[];
  /** What the platform has more than once, though the relay does not call it in doubt. */
  repeated: string[];
  /** Of what nobody could have kept: how many calls are not there. */
  beyond: number;
  /** What it has more than once, and the relay calls in doubt. */
  inDoubt: string[];
  /** Events that came after a later one of their page, though nothing of theirs was lost on the way. */
  outOfOrder: string[];
}

/** What relay and platform have, looked up by id. */
export const readBooks = (ledger: Ledger, events: Stored[]) => {
  const places = new Map<string, number[]>();
  /** Two ids for one call of `track()` are a repeat, too. */
  const idsOfCall = new Map<string, Set<string>>();
  for (const [place, event] of events.entries()) {
    const id = idIn(event);
    places.set(id, [...(places.get(id) ?? []), place]);
    const call = param(event, 'n');
    if (typeof call === 'string') idsOfCall.set(call, (idsOfCall.get(call) ?? new Set()).add(id));
  }
  return {
    forwarded: new Set(ledger.forwarded),
    inDoubt: new Set(ledger.inDoubt),
    places,
    twins: new Set([...idsOfCall.values()].filter(ids => ids.size > 1).flatMap(ids => [...ids])),
    /** The id of a call, or the number of one that never came. */
    idOf: ({ id, n }: Call): string => id ?? [...(idsOfCall.get(n!) ?? [])][0] ?? n!,
  };
};

export type Books = ReturnType<typeof readBooks>;

/**
 * Order is (page, sequence), except for what was resent after a loss (DESIGN section 4). An event may come after a
 * later one of its page when a request with it failed, or when it left by another page while the later one had left by
 * its own: then its page's request was lost before anybody saw it.
 */
const lateOnes = ({ calls, page }: Account, { visitor }: Entry, { places, idOf }: Books) => {
  const carrier = new Map<string, Exchange>();
  for (const exchange of visitor.exchanges) {
    for (const id of exchange.ids) {
      if (exchange.accepted.includes(id) && !carrier.has(id)) carrier.set(id, exchange);
    }
  }
  const leftByItsPage = (id: string) => carrier.get(id)?.page === page;
  const came = calls.map(idOf).filter(id => places.has(id));
  return came.filter((id, at) =>
    came
      .slice(at + 1)
      .some(
        later =>
          places.get(later)![0]! < places.get(id)![0]! &&
          !visitor.resent.has(id) &&
          (leftByItsPage(id) || !leftByItsPage(later)),
      ),
  );
};

/** Compares what a trial's pages accepted with what left the relay. */
export const balance = (entry: Entry, books: Books): Balance => {
  const { forwarded, inDoubt, places, twins, idOf } = books;
  const ids = entry.accounts.flatMap(account => account.calls.map(idOf));
  const dropped = new Set(
    entry.mayDrop ? entry.accounts.flatMap(account => account.dropped.map(({ id }) => id)) : [],
  );
  const missing = (id: string) => !(forwarded.has(id) && places.has(id));
  const excusedIds = new Set(
    entry.accounts.flatMap(({ calls }) =>
      calls.filter(({ n }) => n !== undefined && entry.excused.has(n)).map(idOf),
    ),
  );
  const often = ids.filter(id => places.get(id)?.[1] !== undefined);
  return {
    tracked: ids.length,
    lost: ids.filter(id => !dropped.has(id) && !excusedIds.has(id) && missing(id)),
    beyond: [...excusedIds].filter(missing).length,
    repeated: [
      ...often.filter(id => !inDoubt.has(id)),
      ...ids.filter(id => twins.has(id)),
      // Dropped, said the tag, and yet it came.
      ...ids.filter(id => dropped.has(id) && places.has(id)),
    ],
    inDoubt: often.filter(id => inDoubt.has(id)),
    outOfOrder: entry.accounts.flatMap(account => lateOnes(account, entry, books)),
  };
};
