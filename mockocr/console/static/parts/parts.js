// The small parts of every view.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../vendor/preact.js";
import { copy } from "../clipboard.js";
import { t } from "../language.js";
import { visible } from "../texts.js";

const SHOWN_CHARACTERS = 3000;

const ICONS = {
  ok: "M3.5 8.5l3 3 6-7",
  refused: "M4 4l8 8M12 4l-8 8",
  fault: "M8.8 1.8L3.5 9h4l-.8 5.2L12.5 7h-4z",
  warning: "M8 2.2l6.2 11.3H1.8zM8 6.3v3.4M8 11.5v.6",
  copy: "M5.5 5.5h7v8h-7zM3.5 10.5v-8h7",
  close: "M4 4l8 8M12 4l-8 8",
  search: "M7 2.8a4.2 4.2 0 1 1 0 8.4 4.2 4.2 0 0 1 0-8.4zM10.2 10.2l3.3 3.3",
  chevron: "M6 3.5l4.5 4.5L6 12.5",
  back: "M10 3.5L5.5 8l4.5 4.5",
  groups: "M2.5 4h11M2.5 8h7M2.5 12h4",
  plus: "M8 3v10M3 8h10",
  paste: "M5 3.5H3.5v10h9v-10H11M5.8 2.2h4.4v2.6H5.8z",
  save: "M8 2.5v7M5 7l3 3 3-3M3 13.5h10",
  file: "M4 2.2h5l3 3v8.6H4zM9 2.2v3h3",
  moon: "M12.8 9.8A5.4 5.4 0 0 1 6.2 3.2 5.4 5.4 0 1 0 12.8 9.8z",
  sun: "M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6zM8 1.2v1.6M8 13.2v1.6M1.2 8h1.6M13.2 8h1.6M3.2 3.2l1.1 1.1M11.7 11.7l1.1 1.1M12.8 3.2l-1.1 1.1M4.3 11.7l-1.1 1.1",
  half: "M8 2a6 6 0 1 1 0 12zM8 2a6 6 0 0 0 0 12",
  link: "M6.8 9.2l2.4-2.4M7.2 4.8l1.3-1.3a2.8 2.8 0 0 1 4 4l-1.3 1.3M8.8 11.2l-1.3 1.3a2.8 2.8 0 0 1-4-4l1.3-1.3",
};

export const Icon = ({ name }) => html`
  <svg class=${`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true"><path d=${ICONS[name]} /></svg>
`;

export const kindOf = (outcome) =>
  outcome === "ok" ? "ok" : /^(fault|http):/.test(outcome) ? "fault" : "refused";

/** An outcome by word and icon. */
export const Outcome = ({ outcome }) => {
  const kind = kindOf(outcome);
  return html`<span class=${`outcome ${kind}`}><${Icon} name=${kind} /><span>${visible(outcome)}</span></span>`;
};

/** Text from outside. A long one is cut until the user asks for all of it. */
export function Text({ text }) {
  const [all, setAll] = useState(false);
  const whole = String(text);
  if (all || whole.length <= SHOWN_CHARACTERS) return html`<bdi>${visible(whole)}</bdi>`;
  return html`<bdi>${visible(whole.slice(0, SHOWN_CHARACTERS))}…</bdi>${" "}
    <button class="link" onClick=${() => setAll(true)}>${t("show_all", { count: whole.length })}</button>`;
}

/** A block of code with a button that copies it. */
export const Code = ({ text, label, copyText = text, tall = false }) => html`
  <div class=${`code ${tall ? "tall" : ""}`}>
    <pre tabindex="0" aria-label=${label}><${Text} text=${text} /></pre>
    <${CopyButton} text=${copyText} />
  </div>
`;

export function CopyButton({ text, label, title = t("copy"), className = "quiet" }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const act = async () => {
    await copy(typeof text === "function" ? await text() : text);
    setCopied(true);
  };
  return html`<button class=${`${className} copy`} title=${title} aria-label=${label ? undefined : title} onClick=${act}>
    <${Icon} name=${copied ? "ok" : "copy"} />${label && html`<span>${copied ? t("copied") : label}</span>`}
    <span class="off-screen" role="status">${copied ? t("copied") : ""}</span>
  </button>`;
}

/** Names and values. A null value is left out. */
export const Facts = ({ facts }) => html`
  <dl class="facts">
    ${facts
      .filter(([, value]) => value !== null && value !== undefined && value !== "")
      .map(([name, value]) => html`<div><dt>${name}</dt><dd>${typeof value === "object" ? value : html`<${Text} text=${value} />`}</dd></div>`)}
  </dl>
`;

/** A part of a page that can be closed. It has its content while it is open. */
export function Section({ title, note, open = true, children }) {
  const [isOpen, setOpen] = useState(open);
  return html`<details class="section" open=${isOpen} onToggle=${(event) => setOpen(event.currentTarget.open)}>
    <summary><${Icon} name="chevron" /><h3>${title}</h3>${note && html`<span class="note">${note}</span>`}</summary>
    ${isOpen && html`<div class="section-body">${children}</div>`}
  </details>`;
}

/** A message with an icon: kind is error, warning, good or info. */
export const Message = ({ kind = "info", title, children }) => html`
  <div class=${`message ${kind}`} role=${kind === "error" ? "alert" : undefined}>
    <${Icon} name=${{ error: "refused", warning: "warning", good: "ok", info: "chevron" }[kind]} />
    <div>${title && html`<strong>${title}</strong>`}${children}</div>
  </div>
`;

export const Empty = ({ title, children }) => html`<div class="empty"><h2>${title}</h2>${children}</div>`;

export const Problem = ({ error }) => html`
  <${Message} kind="error" title=${t("failed")}><p><${Text} text=${error?.message ?? error} /></p><//>
`;

/** A native modal dialog. */
export function Dialog({ title, onClose, children, closable = true, wide = false }) {
  const box = useRef();
  useLayoutEffect(() => {
    const dialog = box.current;
    dialog.showModal();
    // Closing returns the focus to where it was.
    return () => dialog.close();
  }, []);
  const cancel = (event) => {
    event.preventDefault();
    if (closable) onClose();
  };
  return html`<dialog ref=${box} class=${wide ? "wide" : ""} aria-labelledby="dialog-title" onCancel=${cancel}>
    <header>
      <h2 id="dialog-title">${title}</h2>
      ${closable && html`<button class="quiet" aria-label=${t("close")} onClick=${onClose}><${Icon} name="close" /></button>`}
    </header>
    ${children}
  </dialog>`;
}

/** A field with its label. */
export const Field = ({ label, hint, children, className = "" }) => html`
  <div class=${`field ${className}`}><label><span class="label">${label}</span>${children}</label>${hint && html`<span class="hint">${hint}</span>`}</div>
`;

/** Runs an action of a button; shows that it runs, and why it failed. */
export function useAction() {
  const [state, setState] = useState({ busy: false, error: null });
  const run = async (action) => {
    setState({ busy: true, error: null });
    try {
      const result = await action();
      setState({ busy: false, error: null });
      return result;
    } catch (error) {
      setState({ busy: false, error });
      return undefined;
    }
  };
  return { ...state, run, clear: () => setState({ busy: false, error: null }) };
}
