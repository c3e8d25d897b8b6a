import { isbot } from 'isbot';

/** Whether a user agent calls itself a bot. Cubot makes telephones, and some write `Build/CUBOT_…`, which isbot takes for one. */
export const isBot = (userAgent: string | null): boolean => isbot(userAgent?.replace(/cubot/gi, ''));
