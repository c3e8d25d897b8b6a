import type { Engine } from '../support/engines/index';
import type { Balance } from './ledger';
import type { Job } from './options';

/** What came of one scenario in one engine. */
export interface Row {
  scenario: string;
  engine: Engine;
  trials: number;
  tracked: number;
  lost: number;
  repeated: number;
  inDoubt: number;
  outOfOrder: number;
  /** Trials in which something else was wrong. */
  failed: number;
  seconds: number;
  /** Why it was not run. */
  skipped?: string;
}

/** A row of which nothing is known yet. */
export const emptyRow = ({ scenario, engine, trials }: Job): Row => ({
  scenario: scenario.name,
  engine,
  trials,
  tracked: 0,
  lost: 0,
  repeated: 0,
  inDoubt: 0,
  outOfOrder: 0,
  failed: 0,
  seconds: 0,
});

/** Whether something was wrong with it. */
export const isFailed = ({ lost, repeated, outOfOrder, failed, skipped }: Row): boolean =>
  skipped === undefined && lost + repeated + outOfOrder + failed > 0;

const columns: [title: string, width: number, text: (row: Row) => string | number][] = [
  ['scenario', -31, row => row.scenario],
  ['engine', -9, row => row.engine],
  ['trials', 7, row => row.trials],
  ['tracked', 8, row => row.tracked],
  ['lost', 6, row => row.lost],
  ['repeated', 9, row => row.repeated],
  ['in doubt', 9, row => row.inDoubt],
  ['out of order', 13, row => row.outOfOrder],
  ['wrong', 6, row => row.failed],
  ['seconds', 8, row => row.seconds.toFixed(1)],
];

const line = (cells: (string | number)[]) =>
  cells
    .map((cell, at) => {
      const width = columns[at]![1];
      return width < 0 ? `${cell}`.padEnd(-width) : `${cell}`.padStart(width);
    })
    .join('');

/** The first line of the table. */
export const head = (): string => line(columns.map(([title]) => title));

/** One line of it. */
export const lineOf = (row: Row): string =>
  row.skipped === undefined
    ? line(columns.map(([, , text]) => text(row))) + (isFailed(row) ? '  FAILED' : '')
    : `${line([row.scenario, row.engine])}  skipped: ${row.skipped}`;

/** The last line: how many rows passed, failed, were skipped. */
export const total = (rows: Row[]): string => {
  const skipped = rows.filter(row => row.skipped !== undefined).length;
  const failed = rows.filter(isFailed).length;
  return `${rows.length - failed - skipped} passed, ${failed} failed, ${skipped} skipped`;
};

/** What was wrong with a trial, in one line; empty when nothing was. */
export const faultsOf = ({ lost, repeated, outOfOrder }: Balance, error: string | undefined): string =>
  [
    lost.length && `${lost.length} lost`,
    repeated.length && `${repeated.length} repeated`,
    outOfOrder.length && `${outOfOrder.length} out of order`,
    error,
  ]
    .filter(Boolean)
    .join(', ');
