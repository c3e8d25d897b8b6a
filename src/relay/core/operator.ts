import { Hono } from 'hono';
import * as v from 'valibot';
import { hasBearer } from './bearer';
import type { Log } from './log';
import type { Outbox } from './outbox';

/** How many ids a list holds when the request names no `limit`. */
const defaultLimit = 100_000;

const limitOf = (text: string | undefined) =>
  Math.min(defaultLimit, Math.max(1, Number.parseInt(text ?? '', 10) || defaultLimit));

const locators = v.pipe(
  v.record(v.string(), v.pipe(v.string(), v.nonEmpty())),
  v.check(record => Object.keys(record).length > 0),
);

/**
 * What an operator may ask, with `Authorization: Bearer <OPERATOR_TOKEN>`:
 *
 * - `GET /ledger` → `{forwarded, inDoubt, dead, waiting}`: lists of ids
 * - `GET /in-doubt` → ids that the platform may have got twice
 * - `GET /dead` → dead letters with the platform's words, without bodies
 * - `GET /forwarded?ids=a,b` → which of these were forwarded; without `ids` the newest
 * - `POST /forget` `{"email":"..."}` → erases what is undelivered or dead of this person
 *
 * Lists hold the newest 100,000, or `?limit=`.
 */
export const operatorRoutes = (outbox: Outbox, token: string, log: Log) => {
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
      return c.json({ error: 'Send one or more locators with their values: {"email":"..."}' }, 400);
    const erased = await outbox.forget(read.output);
    log.info({ erased, locators: Object.keys(read.output).length }, 'Erased on request.');
    return c.json({ erased });
  });
  return app;
};
