// Keys for the whole page. A view registers what its keys do.
import { signal } from "./vendor/preact.js";

export const helpIsOpen = signal(false);

const actions = new Map();

/** Registers `action(event)` for a key; returns a function that removes it. */
export function onKey(key, action) {
  actions.set(key, action);
  return () => actions.get(key) === action && actions.delete(key);
}

const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable], .editor") != null;

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  const target = event.composedPath()[0];
  if (document.querySelector("dialog[open]")) return;
  if (isTyping(target)) {
    if (event.key === "Escape" && target.matches("input, select")) target.blur();
    return;
  }
  if (event.key === "?") helpIsOpen.value = true;
  else if (actions.has(event.key)) actions.get(event.key)(event);
  else return;
  event.preventDefault();
});
