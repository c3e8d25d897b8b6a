import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ForwarderState } from '../core/forwarder';
import { counters, type Metrics } from '../core/metrics';
import type { Outbox } from '../core/outbox';
import { sharedCounts } from '../core/shared-counts';

type CounterName = keyof typeof counters;

const labels: Record<CounterName, string[]> = {
  events_received: ['outcome'],
  requests_refused: ['reason'],
  subscriptions_received: ['outcome'],
  forward_attempts: ['lane', 'verdict'],
  locator_retries: ['verdict'],
  duplicates_reported: [],
};

/** The relay's metrics in Prometheus' form. What the outbox holds is asked of it at most once a second. */
export const createMetrics = (outbox: Outbox) => {
  const countOutbox = sharedCounts(outbox, Date.now);
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  const entries = Object.entries(counters) as [CounterName, string][];
  const registered = Object.fromEntries(
    entries.map(([name, help]) => [
      name,
      new Counter({ name: `shoptrail_${name}_total`, help, labelNames: labels[name], registers }),
    ]),
  ) as Record<CounterName, Counter>;
  const seconds = new Histogram({
    name: 'shoptrail_forward_seconds',
    help: 'How long the platform took to answer.',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
    registers,
  });
  const inDoubt = new Counter({
    name: 'shoptrail_in_doubt_total',
    help: 'Ids that the platform may have got more than once. Kept across restarts, removed after the retention.',
    registers,
  });
  const events = new Gauge({
    name: 'shoptrail_outbox_events',
    help: 'Events in the outbox by state.',
    labelNames: ['state'],
    registers,
  });
  const lanes = new Gauge({
    name: 'shoptrail_outbox_lane',
    help: 'What still has to leave, by lane: history goes to past events, subscriptions to contacts.',
    labelNames: ['lane'],
    registers,
  });
  const aside = new Gauge({
    name: 'shoptrail_outbox_aside',
    help: 'Events and subscriptions at which the platform fails again and again while it takes others. They are still tried.',
    registers,
  });
  const oldest = new Gauge({
    name: 'shoptrail_outbox_oldest_seconds',
    help: 'How long the oldest event or subscription has been waiting to leave. History, which waits by design, and what stands aside is left out.',
    registers,
  });
  const rate = new Gauge({
    name: 'shoptrail_platform_rate',
    help: 'Requests a second that the platform is offered at most, at present.',
    registers,
  });
  const paused = new Gauge({
    name: 'shoptrail_forwarding_paused',
    help: '1 while a lane is paused because the platform refuses the key.',
    labelNames: ['lane', 'cause'],
    registers,
  });
  collectDefaultMetrics({ register: registry });

  const metrics: Metrics = {
    count: (name, labels = {}, by = 1) => registered[name].inc(labels, by),
    forwardSeconds: value => seconds.observe(value),
  };

  const render = async (state: ForwarderState) => {
    const counts = await countOutbox();
    inDoubt.reset();
    inDoubt.inc(counts.inDoubt);
    for (const name of ['waiting', 'sending', 'dead'] as const) events.set({ state: name }, counts[name]);
    const { history, subscriptions } = counts;
    lanes.set({ lane: 'history' }, history);
    lanes.set({ lane: 'subscription' }, subscriptions);
    lanes.set({ lane: 'event' }, counts.waiting + counts.sending - history - subscriptions);
    aside.set(counts.aside);
    oldest.set(counts.oldest === undefined ? 0 : Math.max(0, (Date.now() - counts.oldest) / 1_000));
    rate.set(state.rate);
    for (const lane of ['event', 'history', 'subscription'] as const) {
      for (const cause of ['unauthorized', 'forbidden']) {
        paused.set({ lane, cause }, state.pausedLanes[lane] === cause ? 1 : 0);
      }
    }
    return { type: registry.contentType, text: await registry.metrics() };
  };

  return { metrics, render };
};
