// Light or dark: that of the system, or the user's choice, which this browser remembers.
import { effect, signal } from "./vendor/preact.js";

const NAME = "mockocr-scheme";
const SCHEMES = ["auto", "light", "dark"];

function stored() {
  try {
    return localStorage.getItem(NAME);
  } catch {
    return null;
  }
}

export const scheme = signal(SCHEMES.includes(stored()) ? stored() : "auto");

effect(() => {
  document.documentElement.dataset.scheme = scheme.value;
});

export function switchScheme() {
  scheme.value = SCHEMES[(SCHEMES.indexOf(scheme.value) + 1) % SCHEMES.length];
  try {
    localStorage.setItem(NAME, scheme.value);
  } catch {
    // Storage is off: the choice lasts as long as the page.
  }
}
