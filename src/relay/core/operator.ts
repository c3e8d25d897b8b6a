import { Hono } from 'hono';
import * as v from 'valibot';
import { hasBearer } from './bearer';
import type { Log } from './log';
import type { Outbox } from './outbox';
import type { Platform } from './platform';
import type { Verdict } from './verdict';

/** How many ids a list holds when the request names no `limit`. */
const defaultLimit = 100_000;

const limitOf = (text: string | undefined) =>
  Math.min(defaultLimit, Math.max(1, Number.parseInt(text ?? '', 10) || defaultLimit));

const locators = v.pipe(
  v.record(v.string(), v.pipe(v.string(), v.nonEmpty())),
  v.check(record => Object.keys(record).length > 0),
);

const minute = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/));
const range = v.object({ from: minute, to: minute });

/** The platform's answer to a deletion, for the operator. */
const deletionWords = (verdict: Verdict): string => {
  switch (verdict.kind) {
    case 'accepted':
      return 'The platform deleted the past events of this time.';
    case 'never':
      return `The platform refuses to delete (${verdict.status}): ${verdict.reason}`;
    case 'paused':
      return verdict.cause === 'forbidden'
        ? 'The platform forbids it (403). Deleting past events is inactive until the platform’s support activates it for the account.'
        : 'The platform refuses the key (401): check PLATFORM_API_KEY or PLATFORM_TOKEN.';
    case 'later':
      return verdict.status
        ? `The platform answers ${verdict.status}. Nothing is known to be deleted: try again later.`
        : 'The platform cannot be reached, or did not answer. Nothing is known to be deleted: try again later.';
  }
};

/**
 * What an operator may ask, with `Authorization: Bearer <OPERATOR_TOKEN>`:
 *
 * - `GET /ledger` → `{forwarded, inDoubt, dead, waiting}`: lists of ids
 * - `GET /in-doubt` → ids that the platform may have got twice
 * - `GET /dead` → dead letters with the platform's words, without bodies
 * - `GET /forwarded?ids=a,b` → which of these were forwarded; without `ids` the newest
 * - `POST /forget` `{"email":"..."}` → erases what is undelivered or dead of this person
 * - `POST /past-events/delete` `{"from":"2019-06-04T10:47","to":"2020-01-04"}` → has the platform delete its past events
 *   of this time, in the account's time zone, and answers what it says. What waits here is not touched
 *
 * Lists hold the newest 100,000, or `?limit=`.
 */
export const operatorRoutes = (outbox: Outbox, platform: Platform, token: string, log: Log) => {
  const app = new Hono();
  app.use(async (c, next) => {
    c.header('cache-control', 'no-store');
    if (!(await hasBearer(c.req.raw.headers, token))) {
      return c.json({ error: 'Send Authorization: Bearer with the OPERATOR_TOKEN.' }, 401);
    }
    return next();
  });
  app.get('/ledger', async c => {
    const limit = limitOf(c.req.query('limit'));
    const [forwarded, inDoubt, dead, waiting, sending] = await Promise.all(
      (['forwarded', 'inDoubt', 'dead', 'waiting', 'sending'] as const).map(which =>
        outbox.list(which, limit),
      ),
    );
    return c.json({ forwarded, inDoubt, dead, waiting: [...sending!, ...waiting!] });
  });
  app.get('/in-doubt', async c => c.json(await outbox.list('inDoubt', limitOf(c.req.query('limit')))));
  app.get('/dead', async c => c.json(await outbox.deadLetters(limitOf(c.req.query('limit')))));
  app.get('/forwarded', async c => {
    const wanted = c.req
      .query('ids')
      ?.split(',')
      .map(id => id.trim());
    if (!wanted) return c.json({ forwarded: await outbox.list('forwarded', limitOf(c.req.query('limit'))) });
    const known = await outbox.known(wanted);
    return c.json({ forwarded: wanted.filter(id => known.get(id) === 'forwarded') });
  });
  app.post('/forget', async c => {
    const read = v.safeParse(locators, await c.req.json().catch(() => undefined));
    if (!read.success)
      return c.json({ error: 'Send one or more locators with their values as text: {"email":"..."}' }, 400);
    const erased = await outbox.forget(read.output);
    log.info({ erased, locators: Object.keys(read.output).length }, 'Erased on request.');
    return c.json({ erased });
  });
  app.post('/past-events/delete', async c => {
    const read = v.safeParse(range, await c.req.json().catch(() => undefined));
    if (!read.success) {
      return c.json({ error: 'Send {"from","to"}, each as YYYY-MM-DD or YYYY-MM-DDTHH:mm.' }, 400);
    }
    if (!platform.deletePast) return c.json({ error: 'This platform has no such command.' }, 501);
    const verdict = await platform.deletePast(JSON.stringify(read.output));
    log.info({ ...read.output, verdict: verdict.kind }, 'Deletion of past events was asked for.');
    const answer = deletionWords(verdict);
    return verdict.kind === 'accepted'
      ? c.json({ deleted: true, answer })
      : c.json({ deleted: false, answer }, 502);
  });
  return app;
};
