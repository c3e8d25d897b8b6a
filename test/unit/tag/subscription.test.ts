import { describe, expect, it } from 'vitest';
import { type Subscription, toSubscription } from '../../../src/tag/subscription';

/** As it travels. */
const bodyOf = (told: Subscription, country = '') => {
  const { body } = toSubscription(told, country);
  return body && JSON.parse(JSON.stringify(body));
};

describe('toSubscription()', () => {
  it('makes the platform’s body of everything that can be told', () => {
    expect(
      bodyOf({
        email: ' Ann@Shop.Example ',
        phone: '+38 (050) 123-45-67',
        firstName: 'Ann',
        lastName: 'Lee',
        externalCustomerId: '1001',
        groups: ['News', 'Sale'],
        formType: 'footer',
        fields: [{ id: 12, value: true }],
      }),
    ).toEqual({
      contact: {
        firstName: 'Ann',
        lastName: 'Lee',
        channels: [
          { type: 'email', value: 'Ann@shop.example' },
          { type: 'sms', value: '380501234567' },
        ],
        externalCustomerId: '1001',
        fields: [{ id: 12, value: true }],
      },
      groups: ['News', 'Sale'],
      formType: 'footer',
    });
  });

  it('has nothing in its body that was not told', () => {
    expect(bodyOf({ email: 'ann@shop.example' })).toEqual({
      contact: { channels: [{ type: 'email', value: 'ann@shop.example' }] },
    });
    expect(bodyOf({ phone: '0501234567', email: '' }, '380')).toEqual({
      contact: { channels: [{ type: 'sms', value: '380501234567' }] },
    });
  });

  it.each([
    ['nothing at all', undefined],
    ['nothing', {}],
    ['only a customer', { externalCustomerId: '1001' }],
    ['only a name and groups', { firstName: 'Ann', groups: ['News'] }],
    ['blanks', { email: ' ', phone: '' }],
    ['what stands for nothing', { email: 'null', phone: undefined }],
  ])('is none with %s', (_, told) => {
    expect(toSubscription(told, '')).toEqual({ reason: 'subscription: an email or a phone is needed' });
  });

  it.each([
    ['email', { email: 'ann@shop' }],
    ['email', { email: 'ann', phone: '+380501234567' }],
    ['phone', { phone: '0501234567' }],
    ['phone', { email: 'ann@shop.example', phone: '12' }],
    ['email', { email: 7 as never, phone: 'x' }],
  ])('is none with a hopeless %s, and says which without its value', (field, told) => {
    expect(toSubscription(told, '')).toEqual({ reason: `${field}: cannot be read as one` });
  });
});
