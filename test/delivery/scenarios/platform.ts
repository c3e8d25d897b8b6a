import type { Scenario } from '../scenario';
import type { Trial } from '../trial';

/** Some events that the relay takes while the platform is in trouble. */
const deliverToRelay = async (trial: Trial, count: number) => {
  const shop = await trial.open();
  await shop.track(count);
  await trial.settle(shop);
};

const hasHandedOn = (trial: Trial) => async () => !(await trial.stack.ledger()).waiting.length;

/** No connection can be made; then it is back. */
const down: Scenario = {
  name: 'platform-down',
  group: 'outage',
  async run(trial) {
    await trial.gate.down();
    try {
      await deliverToRelay(trial, 3);
    } finally {
      await trial.gate.up();
    }
    await trial.poll(hasHandedOn(trial), 'the events at the platform');
  },
};

/** 500 to some requests, without a word about how far it had come. */
const broken: Scenario = {
  name: 'platform-500',
  group: 'outage',
  async run(trial) {
    await trial.stack.faults([{ kind: 'status', status: 500, times: 2 }]);
    await deliverToRelay(trial, 3);
    await trial.poll(hasHandedOn(trial), 'the events at the platform');
  },
};

/** The platform stores events and cuts the line before it answers: repeats are allowed for what the relay lists. */
const silent: Scenario = {
  name: 'platform-answer-lost',
  group: 'outage',
  async run(trial) {
    await trial.stack.faults([
      { kind: 'drop-after', times: 1 },
      { kind: 'truncate', times: 1 },
    ]);
    await deliverToRelay(trial, 3);
    await trial.poll(hasHandedOn(trial), 'the events at the platform');
  },
};

/** The key is refused, then repaired: the operator starts the relay again with a good one. */
const unauthorized: Scenario = {
  name: 'platform-401-repaired',
  group: 'outage',
  async run(trial) {
    const { stack } = trial;
    await stack.faults([{ kind: 'status', status: 401, times: 1_000 }]);
    await deliverToRelay(trial, 3);
    const isPaused = async () => {
      const { paused } = (await (await fetch(`${stack.relayUrl}/healthz`)).json()) as {
        paused: string | null;
      };
      return paused === 'unauthorized';
    };
    await trial.poll(isPaused, 'the pause of the relay at a 401');
    await trial.clearFaults();
    await stack.stopRelay();
    await stack.restartRelay();
    await trial.poll(hasHandedOn(trial), 'the events at the platform');
  },
};

export const platformTroubles = [down, broken, silent, unauthorized];
