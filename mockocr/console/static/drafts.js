// What is being written, kept while the page is open, and what one tab hands to another.
import { signal } from "./vendor/preact.js";

/** What the Try tab opens with: `{parameters, picture: {name, blob}}`. */
export const tryDraft = signal(null);

/** The text in the editor of scenarios: `{name, account, text, saved}`. */
export const scenarioDraft = signal(null);

/** The pasted text of the Signature tab. */
export const signatureDraft = signal("");
