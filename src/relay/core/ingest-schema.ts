import * as v from 'valibot';

/** A list whose length is known to be fine before anybody looks at what is in it. */
const listOf = (max: number, tooMany: string, expected: string) =>
  v.pipe(v.custom<unknown[]>(Array.isArray, expected), v.maxLength(max, tooMany));

/** What a tag's id looks like: a uuid, or anything like it. */
export const idRule = v.pipe(v.string(), v.regex(/^[\w-]{8,64}$/));

/** An id that breaks the rule was never stored and never will be: it is not asked for. */
const ids = v.pipe(
  listOf(200, 'at most 200 ids', 'expected a list of ids'),
  v.array(v.string('expected a text')),
  v.filterItems(id => v.is(idRule, id)),
);

/** A moment that a calendar can hold; any other is no reason to lose an event. */
const moment = v.fallback(
  v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(8_640_000_000_000_000))),
  undefined,
);

/** The body of a request from the tag. Each event is looked at alone, so that a bad one blocks no other. */
export const ingestRequest = v.object(
  {
    events: listOf(1_000, 'at most 1,000, send the others in another request', 'expected a list'),
    have: v.optional(ids, []),
    after: v.optional(ids, []),
    sentAt: moment,
  },
  'expected {"events":[{"id","at","event"},...]} or one v2 event',
);

/** One event with its id and time. The event itself is judged by the contract. */
export const envelope = v.object(
  {
    id: v.message(idRule, '8 to 64 letters, digits, "-" or "_" expected, best a uuid'),
    at: moment,
    /** True when the tag kept it until the visitor was known (`anonymous: 'hold'`). */
    held: v.fallback(v.optional(v.boolean(), false), false),
    event: v.unknown(),
  },
  'expected {"id","at","event"}',
);

/** Why an id is refused that is a number, but not a whole one that JavaScript can hold. */
export const lostDigits = 'a number that may have lost digits, send it as text';

/** The first thing wrong, as `path: what is expected`. */
export const faultOf = (
  issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]],
  whole: string,
): string => `${v.getDotPath(issues[0]) ?? whole}: ${issues[0].message}`;
