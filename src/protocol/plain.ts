/** More values than 20,000 bytes of JSON can hold: stops a small graph that would unfold without end. */
const MOST_VALUES = 10_000;

/** A copy of what a shop said, or the reason why there is none. */
export interface Copy {
  data?: unknown;
  reason?: string;
}

/**
 * A deep copy of data as JSON has it, taken at the call, so that nothing the shop changes later changes the event. Or
 * the reason why there is none: what JSON would drop or turn into something else (functions, BigInt, NaN, DOM nodes),
 * circular structures, getters that throw. Dates become ISO text. A reason never quotes a value: it may be personal.
 */
export const plain = (value: unknown): Copy => {
  let values = 0;
  let reason = 'payload: cannot be read as JSON';
  try {
    const text = JSON.stringify(value, (key, item) => {
      values++;
      if (typeof item === 'string') return item;
      const type = Object.prototype.toString.call(item);
      const kind = type === '[object Number]' ? `${item - item}` : type;
      if (
        values > MOST_VALUES ||
        !/^(0|\[object (Object|Array|String|Number|Boolean|Null|Undefined)])$/.test(kind)
      ) {
        throw (reason = `${key || 'payload'}: cannot be sent as JSON (${kind})`);
      }
      return item;
    });
    return { data: JSON.parse(text) };
  } catch {
    return { reason };
  }
};
