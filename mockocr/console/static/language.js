// The language of the page: that of the address, else that of the browser, else English.
import { computed, effect, signal } from "./vendor/preact.js";
import { route } from "./route.js";
import { visible } from "./texts.js";

export const LANGUAGES = { en: "English", zh: "中文" };

const preferred = () =>
  (navigator.languages ?? [navigator.language])
    .map((name) => name.toLowerCase().split("-")[0])
    .find((name) => name in LANGUAGES) ?? "en";

export const language = computed(() => {
  const { lang } = route.value.query;
  const asked = (lang ?? "").toLowerCase().split("-")[0];
  return asked in LANGUAGES ? asked : preferred();
});

const words = signal({});

/** Resolves when the words of the first language are loaded. */
export const ready = new Promise((resolve) => {
  effect(() => {
    const name = language.value;
    import(`./words/${name}.js`).then((module) => {
      if (name !== language.peek()) return;
      words.value = module.default;
      document.documentElement.lang = name === "zh" ? "zh-CN" : "en";
      resolve();
    });
  });
});

/** The text of a key, with its {placeholders} filled, also by text from outside. */
export function t(key, values = {}) {
  const text = words.value[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? visible(values[name]) : whole));
}

/** A hint of the server, in the language of the page. */
export const hintText = (hint) => hint?.[language.value] ?? hint?.en ?? "";

export const number = (value) => value.toLocaleString(language.value === "zh" ? "zh-CN" : "en");
