/**
 * Reads the setting EVENTS: a comma list of event types that leave, `!type` for those that do not. Without a plain
 * name all types leave but the excluded ones.
 *
 * @example
 * leaves('productViewed,cartUpdated')('pageViewed') // false
 * leaves('!pageViewed')('cartUpdated') // true
 */
export const leaves = (list = ''): ((type: string) => boolean) => {
  const names = list
    .split(',')
    .map(name => name.trim())
    .filter(name => name && name !== '*');
  const excluded = new Set(names.filter(name => name.startsWith('!')).map(name => name.slice(1).trim()));
  const included = new Set(names.filter(name => !name.startsWith('!')));
  return type => !excluded.has(type) && (!included.size || included.has(type));
};
