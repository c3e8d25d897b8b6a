/** The path of a stock Firefox; undefined, with the reason printed, when there is none to be had. */
export function findFirefox(): string | undefined;
/** The programs that WebKitGTK needs; undefined, with the reason printed, when one of them cannot be had. */
export function findWebKit(): { driver: string; gjs: string; xvfb: string } | undefined;
