/**
 * What is measured, beside whom, and how much ours may be.
 *
 * A group is one test of peers-bench, or `main-thread.mjs`, with the rivals of its rows; `scale` is how much of that test
 * one run is. A row's limit is `times` the rival's value, or `most`, or `least`.
 */

const delivery = {
  'i-plain': 'track 3, then to a page without the tag',
  'i-tagged': 'track 3, then to a page of the shop',
  'ii-close': 'track 3, close the tab',
  'ii-close-bu': 'track 3, close the tab with beforeunload',
  'iii-closed': 'collector gone for a visit',
  'iii-503': 'collector answers 503 for a visit',
  'iv-offline': 'offline for a visit',
  'v-kill': 'browser killed 500 ms later',
  'vi-tabs': 'two tabs, the collector flaps',
};

/** Lost: not there after the scenario's 5 or 10 s. A trial that failed has proved nothing, and counts. */
const faults = of => of && of.sent - of.delivered + of.dupsFinal + of.failedTrials;

const told = of =>
  `${of.sent - of.delivered} + ${of.dupsFinal} of ${of.sent}${of.failedTrials ? `, ${of.failedTrials} trials failed` : ''}`;

const deliveryRow = ([key, words]) => ({
  label: `${key}: ${words}; lost + repeated`,
  rival: 'snowplow+keepalive',
  value: ({ d }) => faults(d[key]),
  show: ({ d }) => told(d[key]),
  most: 0,
});

const columns = ({ d }) => Object.values(d);
const faulty = of => columns(of).filter(faults);

export const groups = {
  load: {
    test: 'a',
    rivals: ['ahoy'],
    scale: 1.2,
    rows: [
      {
        label: 'load + init, script evaluation, CPU 1x',
        unit: 'ms',
        rival: 'ahoy',
        value: ({ a }) => a.x1.evalMs,
        times: 0.5,
      },
      {
        label: 'load + init, script evaluation, CPU 4x',
        unit: 'ms',
        rival: 'ahoy',
        value: ({ a }) => a.x4.evalMs,
        times: 0.5,
      },
    ],
  },

  main: {
    test: 'main',
    rivals: ['plausible'],
    // Loads in each run. With twelve the ratio of five runs was anything from 0.70 to 1.18.
    scale: 40,
    rows: [
      {
        label: 'load + init, all main-thread work, CPU 1x',
        unit: 'ms',
        rival: 'plausible',
        value: ({ main }) => main.addedMs,
        times: 0.9,
      },
    ],
  },

  track: {
    test: 'b',
    rivals: ['amplitude', 'countly'],
    scale: 0.5,
    rows: [
      {
        label: 'one track(), median',
        unit: 'µs',
        rival: 'amplitude',
        value: ({ b }) => b.medianUs,
        times: 0.9,
      },
      { label: 'one track(), p99', unit: 'µs', rival: 'amplitude', value: ({ b }) => b.p99Us, times: 0.9 },
      {
        label: 'one event in all, deferred work included',
        unit: 'µs',
        rival: 'countly',
        value: ({ b }) => b.totalUsPerEvent,
        times: 0.9,
      },
      { label: 'delivered of these events', unit: '%', value: ({ b }) => b.delivered * 100, least: 100 },
    ],
  },

  session: {
    test: 'c',
    rivals: ['rudderstack+beacon', 'analytics'],
    scale: 0.5,
    rows: [
      {
        label: '20 events over 5 pages: requests',
        rival: 'rudderstack+beacon',
        value: ({ c }) => c.requests,
        most: 10,
      },
      {
        label: '20 events over 5 pages: sent',
        unit: 'kB',
        rival: 'analytics',
        value: ({ c }) => c.bytesUp / 1000,
        most: 16,
      },
      { label: '20 events over 5 pages: copies', value: ({ c }) => c.dups, most: 0 },
      { label: '20 events over 5 pages: delivered', value: ({ c }) => c.delivered, least: 20 },
    ],
  },

  delivery: {
    test: 'd',
    rivals: ['snowplow+keepalive'],
    scale: 1,
    // Counts, not times: more trials tell more, a median of them nothing.
    once: true,
    rows: [
      ...Object.entries(delivery).map(deliveryRow),
      {
        label: 'columns with something lost or repeated',
        rival: 'snowplow+keepalive',
        value: of => faulty(of).length,
        show: of => `${faulty(of).length} of ${columns(of).length}`,
        most: 0,
      },
    ],
  },
};
