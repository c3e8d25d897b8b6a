import { Hono } from 'hono';
import { isAnswer, keepAnswer } from '../consent';
import { localPath, readFields } from '../fields';
import { noticePage } from '../pages/notice';
import { privacyPage } from '../pages/privacy';
import { type ShopEnv, wantsJson } from '../visit';

/** Answers to the banner, by its form or by the page's script, and /privacy, which explains them. */
export const consentRoutes = new Hono<ShopEnv>().get('/privacy', privacyPage).post('/consent', async c => {
  const { answer, back } = readFields(await c.req.parseBody());
  if (!isAnswer(answer)) return noticePage(c, 422, 'That did not work', 'We do not know this answer.');
  keepAnswer(c, answer);
  return wantsJson(c) ? c.body(null, 204) : c.redirect(localPath(back, '/'), 303);
});
