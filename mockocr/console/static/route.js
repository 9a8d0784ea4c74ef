// The address of the page: #/TAB/ID?FILTERS. It is a fragment, so the server never sees it.
import { computed, signal } from "./vendor/preact.js";

export const TABS = ["calls", "signature", "try", "scenarios", "cards", "accounts", "coverage"];

const hash = signal(location.hash);
let mayLeave = null;

addEventListener("hashchange", () => {
  if (location.hash === hash.value) return;
  if (mayLeave && !mayLeave(parse(location.hash))) {
    history.pushState(null, "", hash.value || "#");
    return;
  }
  hash.value = location.hash;
});

addEventListener("beforeunload", (event) => {
  if (mayLeave && !mayLeave(null)) event.preventDefault();
});

export const route = computed(() => parse(hash.value));

/** `{tab, id, query}`; an unknown tab is the first one. */
function parse(text) {
  const [path, search = ""] = text.replace(/^#\/?/, "").split(/\?(.*)/s);
  const [tab, ...rest] = path.split("/");
  return {
    tab: TABS.includes(tab) ? tab : TABS[0],
    id: rest.length ? decode(rest.join("/")) : null,
    query: Object.fromEntries(new URLSearchParams(search)),
  };
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address of a place. The language of the address stays; empty filters are left out. */
export function address(tab, id = null, query = {}) {
  const { lang } = route.peek().query;
  const parts = Object.entries({ ...query, lang: query.lang ?? lang }).filter(([, value]) => value);
  const search = new URLSearchParams(parts).toString();
  return `#/${tab}${id === null ? "" : `/${encodeURIComponent(id)}`}${search ? `?${search}` : ""}`;
}

/** The address of this place with other filters. */
export function changed(query) {
  const here = route.peek();
  return address(here.tab, here.id, { ...here.query, ...query });
}

export function open(target, { replace = false } = {}) {
  if (replace) {
    history.replaceState(null, "", target);
    hash.value = location.hash;
  } else location.hash = target;
}

/** `check(next)` returns whether this place may be left for the next one; `check(null)`, whether the
 * page may be closed. Null removes the check. */
export function guardLeaving(check) {
  mayLeave = check;
}
