/** The npm entry: `import shoptrail from 'shoptrail'`, then `shoptrail.init({endpoint: '/x'})`. */
import { createShoptrail } from './shoptrail';
import type { Shoptrail } from './types';

const shoptrail: Shoptrail = createShoptrail();

export default shoptrail;
export const { init, track, identify, reset, consent, forget, subscribe, on, flush, version } = shoptrail;

export type { CartProduct, CustomPayload, Identity, Product, SiteEvents } from '../protocol/types';
export type { Options } from './config';
export type { Consent } from './consent/answer';
export type { Subscription } from './subscription';
export type { Notices, Payload, Shoptrail } from './types';
