/**
 * A cookie that is kept in memory. `refused`: the browser takes nothing; `stuck`: what is there cannot be changed;
 * `hidden`: what is there stands before what is written (it is of another domain), until it is removed.
 */
export const createJar = (value?: string, behaviour?: 'refused' | 'stuck' | 'hidden') => {
  const written: string[] = [];
  const write = (text: string) => {
    written.push(text);
    if (!behaviour || (behaviour === 'hidden' && value === undefined)) value = text;
    return value ?? '';
  };
  return {
    written,
    read: () => value,
    all: () => (value === undefined ? [] : [value]),
    write,
    put: write,
    remove() {
      if (behaviour !== 'stuck') value = undefined;
    },
  };
};
