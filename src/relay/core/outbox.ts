/**
 * Where a row stands:
 * - `waiting`: stored, to be sent when it is due and every earlier event of its visitor has its verdict or stands aside;
 * - `sending`: a request with it may be on its way. Found so at a start, nobody knows whether the platform took it;
 * - `forwarded`: the platform took it. Only the id is left, for the dedupe;
 * - `dead`: the platform refused it for good. The body stays for the operator;
 * - `skipped`: its type is not forwarded (setting EVENTS). Only the id is left;
 * - `forgotten`: erased on request. Only the id is left, so that a repeat from the tag is not stored again.
 */
export type RowState = 'waiting' | 'sending' | 'forwarded' | 'dead' | 'skipped' | 'forgotten';

/**
 * To which of the platform's resources a row goes, each with its own order:
 * - `event`: `v2/event`, one by one, in order for each visitor;
 * - `history`: `v1/past_events`, many at once, each as soon as it is due;
 * - `subscription`: `v1/contact/subscribe`, one by one, in order for each visitor.
 */
export type Lane = 'event' | 'history' | 'subscription';

/** An event, or a subscription, to be stored. */
export interface NewRow {
  /** Made once by the tag: a repeat is known by it. */
  id: string;
  /** When it happened, in ms since 1970, after the clock rule. */
  at: number;
  /** Its eventTypeKey; `subscribe` for a subscription. */
  type: string;
  /** Whose event it is: the events of one visitor leave one after the other. */
  visitor: string;
  /** The body as the platform will get it. */
  body: string;
  /** True when its type is not to be forwarded: only the id is kept. */
  skip?: boolean;
  /** Default `event`. */
  lane?: Lane;
  /** History only: not to be sent earlier. Default at once. */
  due?: number;
}

/** A row that was marked `sending`. */
export interface ClaimedRow {
  id: string;
  type: string;
  visitor: string;
  body: string;
  /** When it happened. */
  at: number;
  /** When it was stored. */
  received: number;
  /** How many attempts there were, this one included. */
  tries: number;
  /** Whether later rows of its visitor wait for it no more. */
  aside: boolean;
}

/** What became of an attempt. */
export type Outcome =
  | { kind: 'forwarded' }
  /**
   * `inDoubt`: the platform may have taken it. `uncounted`: the attempt said nothing about the event (a pause). `aside`: it
   * stands aside from now on, so that later rows of its visitor may leave before it.
   */
  | { kind: 'later'; due: number; inDoubt?: boolean; uncounted?: boolean; aside?: boolean }
  | { kind: 'dead'; reason: string };

/** How many rows stand where. */
export interface Counts {
  waiting: number;
  sending: number;
  dead: number;
  /** Ids that the platform may have got more than once, since they were stored. */
  inDoubt: number;
  /** Rows of history that still have to leave: they are among the waiting or sending ones. */
  history: number;
  /** Subscriptions that still have to leave: they are among the waiting or sending ones. */
  subscriptions: number;
  /** Rows that stand aside: they are among the waiting or sending ones. */
  aside: number;
  /**
   * When the oldest row that still has to leave was received, in ms since 1970. History, which waits by design, and rows
   * that stand aside do not count.
   */
  oldest?: number;
}

/** A dead letter as an operator sees it: without the body. `reason` is the platform's own words, or why it was given up. */
export interface DeadLetter {
  id: string;
  type: string;
  reason: string;
  at: number;
}

/** Whom to forget: the names of locators with their values, `{email: 'a@example.com'}`. */
export type Locators = Record<string, string>;

/** Nothing more can be stored. What is stored still leaves. */
export class OutboxFullError extends Error {}

/**
 * The durable store between ingest and forwarder. Every promise resolves only once its change would survive a SIGKILL
 * of the process, and rejects when it was not kept. Times are ms since 1970.
 */
export interface Outbox {
  /**
   * Whether there is room for verdicts only: then nothing more is stored, so that what is there can leave. Left out where
   * nobody can tell.
   */
  isFull?(): boolean;
  /**
   * Stores what is new and leaves what it has. Returns the ids that were new.
   *
   * @throws OutboxFullError when there is no room for it
   */
  add(rows: readonly NewRow[], now: number): Promise<string[]>;
  /** Which of these ids it has, and where they stand. */
  known(ids: readonly string[]): Promise<Map<string, RowState>>;
  /**
   * Marks up to `limit` due rows of a lane other than history as `sending` and returns them: at most one for each
   * visitor, none for a visitor who has one `sending`, and never one before an earlier one of its visitor. Rows that stand
   * aside are no part of this order: each comes when it is due.
   *
   * @param lane default `event`.
   */
  claim(now: number, limit: number, lane?: Exclude<Lane, 'history'>): Promise<ClaimedRow[]>;
  /**
   * Marks due rows of history as `sending` and returns them, the oldest `at` of each visitor first: up to `limit`, and
   * as many as fit into `maxBytes` of bodies with `overhead` bytes for each, but at least one. Rows that were tried
   * before come alone, those of one visitor: what the platform does not want must not spoil the batches of others.
   */
  claimHistory(
    now: number,
    limit: number,
    size: { maxBytes: number; overhead: number },
  ): Promise<ClaimedRow[]>;
  /** Marks those of these rows of history that still wait as `sending`, due or not, and returns them in the given order. */
  claimThese(ids: readonly string[]): Promise<ClaimedRow[]>;
  /** Writes the verdict of a claimed row. Forwarded: the body is erased at once. */
  settle(row: Pick<ClaimedRow, 'id' | 'visitor'>, outcome: Outcome, now: number): Promise<void>;
  /** After a start: what was `sending` is in doubt and waits again. Returns those ids. */
  recover(now: number): Promise<string[]>;
  /** When the next row of a lane (default `event`) is due; undefined when none waits. */
  nextDue(lane?: Lane): Promise<number | undefined>;
  counts(): Promise<Counts>;
  /** The newest ids in this state, oldest first. `inDoubt` lists the ids that the platform may have got twice. */
  list(which: RowState | 'inDoubt', limit: number): Promise<string[]>;
  /** The newest dead letters, oldest first. */
  deadLetters(limit: number): Promise<DeadLetter[]>;
  /**
   * Erases what is undelivered or dead of this person: rows that hold one of the values, and the other rows of the
   * same visitors. Returns how many. A row on its way is erased too, but may still arrive.
   */
  forget(locators: Locators): Promise<number>;
  /**
   * Erases the undelivered and dead events of a visitor, history included, and returns how many. A subscription stays:
   * it was asked for apart. A row on its way is erased too, but may still arrive.
   */
  forgetVisitor(visitor: string): Promise<number>;
  /** Erases the oldest dead letters, some megabytes of them: only their ids stay. Returns how many, 0 when it would not help. */
  eraseDead(now: number): Promise<number>;
  /**
   * Removes up to `limit` rows that were settled before `before`, and gives up what was received before it and never
   * left (it becomes a dead letter). What was hardly offered, because an earlier event of its visitor stood before it, is
   * given up a day later. Returns how many, 0 when there is nothing more to do.
   */
  prune(before: number, now: number, limit: number): Promise<number>;
  close(): Promise<void>;
}
