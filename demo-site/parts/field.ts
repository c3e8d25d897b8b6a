import { html } from 'hono/html';
import type { Fields, Problems } from '../fields';

/** What a field may say beside its name and label. */
export interface FieldOptions {
  type?: 'text' | 'email' | 'tel';
  autocomplete?: string;
  /** Not required, and says so. */
  optional?: boolean;
  hint?: string;
  /** Half the width of the form. */
  half?: boolean;
}

/** A labelled text field with its hint and, after a refused form, what is wrong with it. */
export function field(
  name: string,
  label: string,
  fields: Fields,
  problems: Problems,
  options: FieldOptions = {},
) {
  const { type = 'text', autocomplete, optional, hint, half } = options;
  const problem = problems[name];
  const described = [hint && `${name}-hint`, problem && `${name}-problem`].filter(Boolean).join(' ');
  return html`<div class="field${half ? ' field--half' : ''}">
    <label for="${name}">${label}${optional && html` <span class="muted">(optional)</span>`}</label>
    ${hint && html`<p class="field__hint" id="${name}-hint">${hint}</p>`}
    <input id="${name}" name="${name}" type="${type}" value="${fields[name] ?? ''}" maxlength="300"${autocomplete && html` autocomplete="${autocomplete}"`}${!optional && html` required`}${described && html` aria-describedby="${described}"`}${problem && html` aria-invalid="true"`}>
    ${problem && html`<p class="field__problem" id="${name}-problem">${problem}</p>`}
  </div>`;
}

/** The summary above a refused form, each line leading to its field. */
export function problemSummary(problems: Problems) {
  const all = Object.entries(problems);
  return all.length === 0
    ? ''
    : html`<div class="problems" role="alert">
        <h2 class="problems__title">Please look at ${all.length === 1 ? 'one field' : `${all.length} fields`}</h2>
        <ul>${all.map(([name, text]) => html`<li><a href="#${name}">${text}</a></li>`)}</ul>
      </div>`;
}
