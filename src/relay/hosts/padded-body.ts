/**
 * How a body stands in the file. Of a long text SQLite keeps the beginning on a page with others, which it copies from page
 * to page and does not clear, `secure_delete` or not; the rest has pages of its own, which are cleared when it goes
 * (https://sqlite.org/fileformat2.html#b_tree_cell_format: M is what stays, U - 4 what a page of its own holds). So a body
 * stands behind as many blanks as stay, and has as many after it as leave no more to stay.
 */
export const createPadding = (pageSize: number) => {
  const stays = Math.floor(((pageSize - 12) * 32) / 255) - 23;
  const own = pageSize - 4;
  // A little more: the few bytes of the row's own header stand before the text.
  const before = stays + 16;

  return {
    pad(body: string): string {
      const bytes = before + Buffer.byteLength(body);
      const pages = Math.ceil((bytes - stays) / own);
      return ' '.repeat(before) + body + ' '.repeat(stays + pages * own - bytes);
    },

    /** A body is JSON, and neither begins nor ends with a blank. */
    unpad: (padded: string): string => padded.trim(),
  };
};
