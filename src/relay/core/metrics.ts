/** The counters of the relay with what each counts; a host registers them with its metrics library. */
export const counters = {
  events_received: 'Events that arrived, by what became of them: stored, repeated, skipped, rejected, bot.',
  requests_refused: 'Requests that were refused whole, by reason: origin, rate, type, size, body.',
  subscriptions_received: 'Subscriptions that arrived, by what became of them: stored, repeated, refused.',
  forward_attempts:
    'Events and subscriptions offered to the platform, by lane (event, history, subscription) and verdict: accepted, later, never, paused.',
  locator_retries: 'Events sent once more without locators that break the character rule, after a 400.',
  duplicates_reported: 'Events that the platform itself called a duplicated request: counted as accepted.',
} as const;

/** Where the relay counts. */
export interface Metrics {
  /** Adds `by` (default 1) to a counter. */
  count(name: keyof typeof counters, labels?: Record<string, string>, by?: number): void;
  /** One request to the platform took this many seconds. */
  forwardSeconds(seconds: number): void;
}

/** Metrics that keep nothing. */
export const noMetrics: Metrics = { count() {}, forwardSeconds() {} };
