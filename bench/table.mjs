/** The table of a benchmark: one line a row, with its limit and whether ours keeps it. */
import { groups } from './rows.mjs';

const OURS = 'shoptrail';

export const median = values => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
};

const short = number =>
  Math.abs(number) >= 100 ? number.toFixed(0) : `${+number.toFixed(number < 10 ? 2 : 1)}`;

const figureOf = ({ value, show, unit = '' }, runs, name) => {
  const number = median(runs.map(run => value(run[name])));
  return { number, text: show ? show(runs.at(-1)[name]) : `${short(number)} ${unit}`.trim() };
};

/** Lowest and highest of the runs: how much to believe of the ratio. */
const spread = ratios =>
  ratios.length > 1 ? `${short(Math.min(...ratios))} – ${short(Math.max(...ratios))}` : '';

const limitOf = ({ times, most, least, rival, unit = '' }) => {
  if (times) return `${times} x ${rival}`;
  return `${least === undefined ? `at most ${most}` : `at least ${least}`} ${unit}`.trim();
};

const keeps = ({ times, most, least }, ours, rivals) => {
  if (least !== undefined) return ours >= least;
  return ours <= (times ? times * rivals : most);
};

const lineOf = (row, runs) => {
  const ours = figureOf(row, runs, OURS);
  const rival = row.rival && figureOf(row, runs, row.rival);
  const ratios = row.times ? runs.map(run => row.value(run[OURS]) / row.value(run[row.rival])) : [];
  const ok = keeps(row, ours.number, rival?.number);
  return {
    ok,
    cells: [
      row.label,
      ours.text,
      rival ? `${row.rival} ${rival.text}` : '',
      row.times ? short(ours.number / rival.number) : '',
      spread(ratios),
      limitOf(row),
      ok ? 'ok' : 'OVER',
    ],
  };
};

const HEAD = ['row', 'ours', 'rival', 'ratio', 'of the runs', 'limit', ''];

/**
 * @param measured the runs of each group, each with what every contestant got
 * @returns the table as text, and how many rows are over their limit
 */
export const tableOf = measured => {
  const lines = Object.entries(measured).flatMap(([name, runs]) =>
    groups[name].rows.filter(row => row.value(runs[0][OURS]) !== undefined).map(row => lineOf(row, runs)),
  );
  const cells = [HEAD, ...lines.map(line => line.cells)];
  const widths = HEAD.map((_, at) => Math.max(3, ...cells.map(row => row[at].length)));
  const print = row => `| ${row.map((cell, at) => cell.padEnd(widths[at])).join(' | ')} |`;
  const rule = `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`;
  const over = lines.filter(line => !line.ok).length;
  const end = over
    ? `${over} of ${lines.length} rows are over their limit.`
    : `All ${lines.length} rows are ok.`;
  return { text: `\n${[print(HEAD), rule, ...cells.slice(1).map(print)].join('\n')}\n\n${end}`, over };
};
