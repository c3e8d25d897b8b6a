import type { BrowserModel, Tracked } from './browser-model';
import { namesIn } from './people';
import type { Copy, Visitor } from './shop';

const anonymousIdOf = ({ event }: Copy) =>
  `${event.params.find(({ name }) => name === 'shoptrailAnonymousId')?.value}`;

const namesOn = ({ event }: Copy) => namesIn(JSON.stringify(event));

/** That one copy of an event names its owner, or nobody where that is no fault, and never anybody else. */
const faultsOfCopy = (copy: Copy, { words, period, current }: Tracked, unsettled: boolean): string[] => {
  const names = namesOn(copy);
  const said = `${words}, tracked while ${current ?? 'nobody'} was here, left from page ${copy.page}`;
  const known = (period.knownTo.get(copy.page) ?? Number.POSITIVE_INFINITY) <= copy.sentAt;
  return [
    ...names
      .filter(name => name !== period.owner)
      .map(name => `${said} as ${name}; it is ${period.owner ?? 'nobody'}'s`),
    ...(known && !names.length && !unsettled ? [`${said} as nobody; that page knew ${period.owner}`] : []),
  ];
};

/** That every event has arrived under one id, and that what must stay in the browser has not. */
const faultsOfArrival = (model: BrowserModel, visitor: Visitor): string[] => {
  const stored = [...visitor.stored.values()];
  return model.tracked.flatMap(tracked => {
    const times = stored.filter(({ key }) => key === tracked.key).length;
    const due = model.isHeld(tracked) ? 0 : 1;
    return times === due ? [] : [`${tracked.words} arrived under ${times} ids instead of ${due}`];
  });
};

/** Who has more than one, in words. */
const several = <Key>(pairs: [Key, string][], words: (key: Key, values: string) => string): string[] =>
  [...new Set(pairs.map(([key]) => key))].flatMap(key => {
    const values = [...new Set(pairs.filter(pair => pair[0] === key).map(([, value]) => value))];
    return values.length > 1 ? [words(key, values.join(' and '))] : [];
  });

/** That an anonymous id belongs to one period, and so to one person, and a period to one anonymous id. */
const faultsOfIds = ({ periods, tracked, isUnsettled }: BrowserModel, { copies }: Visitor): string[] => {
  const periodOf = new Map(tracked.map(({ key, period }) => [key, period]));
  const people = copies.flatMap(copy =>
    namesOn(copy).map((name): [string, string] => [anonymousIdOf(copy), name]),
  );
  const places = [
    ...periods.flatMap(({ number, ids }) => [...ids].map((id): [string, string] => [id, `${number}`])),
    ...copies.flatMap((copy): [string, string][] => {
      const period = periodOf.get(copy.key);
      return period ? [[anonymousIdOf(copy), `${period.number}`]] : [];
    }),
  ];
  return [
    ...several(people, (id, names) => `the anonymous id ${id} is ${names}`),
    ...several(places, (id, numbers) => `the anonymous id ${id} is used in periods ${numbers}`),
    ...several(
      places
        .filter(([, number]) => !isUnsettled(periods[+number - 1]!))
        .map(([id, number]): [string, string] => [number, id]),
      (number, ids) => `period ${number} has the anonymous ids ${ids}`,
    ),
  ];
};

/** What is wrong with what has left a visitor's browser, in words; nothing when all is well. */
export const judge = (model: BrowserModel, visitor: Visitor): string[] => {
  const known = new Map(model.tracked.map(tracked => [tracked.key, tracked]));
  const faults = visitor.copies.flatMap(copy => {
    const tracked = known.get(copy.key);
    if (tracked) return faultsOfCopy(copy, tracked, model.isUnsettled(tracked.period));
    if (copy.event.eventTypeKey !== 'visitorIdentified')
      return [`an event left that nobody tracked: ${copy.event.eventTypeKey}`];
    return namesOn(copy).length ? [] : ['visitorIdentified left and names nobody'];
  });
  return [...new Set([...faults, ...faultsOfArrival(model, visitor), ...faultsOfIds(model, visitor)])];
};
