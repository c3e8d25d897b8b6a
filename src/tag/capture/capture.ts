import type { Identity } from '../../protocol/types';
import type { Subscription } from '../subscription';
import { watchAttributes } from './attributes';
import { watchForms } from './forms';
import { watchPageViews } from './page-views';

interface Needs {
  pageViews: boolean;
  attributes: boolean;
  /** An activity was seen. */
  found(event: string, payload?: unknown): void;
  /** A form said who the visitor is. */
  identified(person: Identity): void;
  /** A form asked for newsletters. */
  subscribed(subscription: Subscription): void;
}

const SUBSCRIBE = 'data-shoptrail-subscribe';

/** Starts every source of activity that needs no call: page views, marked elements, marked forms. */
export const startCapture = ({ pageViews, attributes, found, identified, subscribed }: Needs): void => {
  const viewed = attributes && watchAttributes(found);
  if (attributes) {
    watchForms('data-shoptrail-identify', identified);
    watchForms(SUBSCRIBE, (fields, { dataset }) =>
      subscribed({
        ...fields,
        groups: dataset.shoptrailGroups?.split(',').map(name => name.trim()),
        formType: dataset.shoptrailFormType,
      }),
    );
  }
  watchPageViews(restored => {
    if (pageViews) found('pageViewed');
    if (viewed) viewed(restored);
  });
};
