// The frame of the page: tabs, language, colours, the token, and the view of the open tab.
import { html, render, signal, useEffect, useRef } from "./vendor/preact.js";
import { asking, get } from "./api.js";
import { LANGUAGES, language, ready, t } from "./language.js";
import { helpIsOpen } from "./keyboard.js";
import { connection, start } from "./live_calls.js";
import { Icon } from "./parts/parts.js";
import { KeyboardHelp, TokenDialog } from "./parts/dialogs.js";
import { scheme, switchScheme } from "./scheme.js";
import { TABS, address, changed, open, route } from "./route.js";

const info = signal(null);
const views = signal({});

const NAMES = {
  calls: "CallsView",
  signature: "SignatureView",
  try: "TryView",
  scenarios: "ScenariosView",
  cards: "CardsView",
  accounts: "AccountsView",
  coverage: "CoverageView",
};

/** Loads the view of a tab when it is first opened, with its styles. */
async function load(tab) {
  if (tab !== "calls") await loadStyles();
  const module = await import(`./views/${tab}.js`);
  views.value = { ...views.value, [tab]: module[NAMES[tab]] };
}

let styles = null;

function loadStyles() {
  styles ??= new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = "style/tools.css";
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
  return styles;
}

function Header() {
  const here = route.value;
  const state = connection.value;
  const tabs = useRef();
  useEffect(() => tabs.current.querySelector("[aria-current]").scrollIntoView({ block: "nearest", inline: "nearest" }), [here.tab, language.value]);
  const other = language.value === "zh" ? "en" : "zh";
  return html`<header class="top">
    <a class="brand" href=${address("calls")}><img src="icon.svg" alt="" width="22" height="22" /><span>mockocr</span></a>
    <nav ref=${tabs} aria-label=${t("tabs")}>
      ${TABS.map((tab) => html`<a href=${address(tab)} aria-current=${here.tab === tab ? "page" : undefined}>${t(`tab_${tab}`)}</a>`)}
    </nav>
    <div class="tools">
      <span class=${`connection ${state}`} role="status" title=${t(`connection_${state}_title`)}><i></i><span>${t(`connection_${state}`)}</span></span>
      ${info.value && html`<span class="version" title=${t("contract_title")}>${t("contract", { date: info.value.contract })}</span>`}
      <button class="quiet" title=${t("help")} aria-label=${t("help")} onClick=${() => (helpIsOpen.value = true)}><kbd>?</kbd></button>
      <button class="quiet" title=${t(`scheme_${scheme.value}`)} aria-label=${t(`scheme_${scheme.value}`)} onClick=${switchScheme}>
        <${Icon} name=${{ auto: "half", light: "sun", dark: "moon" }[scheme.value]} />
      </button>
      <a class="quiet button" lang=${other} hreflang=${other} href=${changed({ lang: other })}>${LANGUAGES[other]}</a>
    </div>
  </header>`;
}

function Page() {
  const { tab } = route.value;
  const View = views.value[tab];
  useEffect(() => {
    document.title = `${t(`tab_${tab}`)} · mockocr`;
    if (!views.peek()[tab]) load(tab);
  }, [tab, language.value]);
  return html`
    <a class="skip" href="#main" onClick=${(event) => { event.preventDefault(); document.querySelector("main").focus(); }}>${t("skip")}</a>
    <${Header} />
    <main id="main" tabindex="-1" class=${`view-${tab}`}>${View && html`<${View} />`}</main>
    ${helpIsOpen.value && html`<${KeyboardHelp} onClose=${() => (helpIsOpen.value = false)} />`}
    ${asking.value && html`<${TokenDialog} wrong=${asking.value === "wrong"} />`}
  `;
}

if (!location.hash) open(address("calls"), { replace: true });
await Promise.all([ready, load(route.value.tab)]);
render(html`<${Page} />`, document.getElementById("page"));
start();
info.value = await get("/info");
