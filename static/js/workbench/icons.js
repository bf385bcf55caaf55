// Icons of the sprite for Lit templates, as `{% icon %}` draws them in pages.

import { html } from "lit";

const sprite = document.documentElement.dataset.icons;

/** An icon by its name; `kind` is small, large or filled. */
export function icon(name, kind = "") {
  return html`<svg class="icon ${kind && `icon-${kind}`}" aria-hidden="true"><use href="${sprite}#${name}"></use></svg>`;
}
