import type { Identity } from '../../protocol/types';
import { watchAttributes } from './attributes';
import { watchIdentifyForms } from './identify-forms';
import { watchPageViews } from './page-views';

interface Needs {
  pageViews: boolean;
  attributes: boolean;
  /** An activity was seen. */
  found(event: string, payload?: unknown): void;
  /** A form said who the visitor is. */
  identified(person: Identity): void;
}

/** Starts every source of activity that needs no call: page views, marked elements, marked forms. */
export const startCapture = ({ pageViews, attributes, found, identified }: Needs): void => {
  const viewed = attributes && watchAttributes(found);
  if (attributes) watchIdentifyForms(identified);
  watchPageViews(restored => {
    if (pageViews) found('pageViewed');
    if (viewed) viewed(restored);
  });
};
