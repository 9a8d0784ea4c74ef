// The list of calls. Only the visible rows are in the document, however many calls there are.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../vendor/preact.js";
import { whyOf } from "../filters.js";
import { onKey } from "../keyboard.js";
import { number, t } from "../language.js";
import { held, hold } from "../live_calls.js";
import { Icon, Outcome } from "../parts/parts.js";
import { address, open, route } from "../route.js";
import { clockTime, dateTime, duration, visible } from "../texts.js";

const AROUND = 8;
/** Rows have two lines in a narrow list. Equal to the heights and the width in calls.css. */
const HEIGHTS = { wide: 37, narrow: 62 };
const NARROW_PX = 760;

const linkTo = (row) => address("calls", row.RequestId, route.value.query);

function Row({ row, isOpen, isLast }) {
  const why = whyOf(row);
  return html`<li>
    <a class=${`row ${isOpen ? "open" : ""}`} href=${linkTo(row)} data-id=${row.RequestId}
      aria-current=${isOpen ? "true" : undefined} tabindex=${isLast ? 0 : -1}>
      <time class="cell-time" datetime=${row.time} title=${dateTime(row.time)}>${clockTime(row.time)}</time>
      <span class="cell-outcome"><${Outcome} outcome=${row.outcome} /></span>
      <span class="cell-why">${why ? html`<code>${visible(why)}</code>` : html`<span class="context">${[row.side, row.account, row.rule].filter(Boolean).map(visible).join(" · ")}</span>`}</span>
      <span class="cell-side">${row.side ?? ""}</span>
      <span class="cell-account" title=${visible(row.account ?? "")}>${row.account === null ? html`<em>${t("no_account")}</em>` : visible(row.account)}</span>
      <span class="cell-rule" title=${row.rule ? visible(`${row.scenario} · ${row.rule}`) : ""}>${row.rule && visible(row.rule)}</span>
      <span class="cell-ms">${duration(row.milliseconds)}</span>
    </a>
  </li>`;
}

/** The height of the box and of a row, and how far it is scrolled. */
function useWindow(box) {
  const [place, setPlace] = useState({ top: 0, height: 800, rowHeight: HEIGHTS.wide });
  useLayoutEffect(() => {
    const measure = () => {
      const { scrollTop, clientHeight, clientWidth } = box.current;
      const rowHeight = clientWidth < NARROW_PX ? HEIGHTS.narrow : HEIGHTS.wide;
      setPlace((old) =>
        old.top === scrollTop && old.height === clientHeight && old.rowHeight === rowHeight
          ? old
          : { top: scrollTop, height: clientHeight, rowHeight },
      );
      hold(scrollTop > rowHeight / 2);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(box.current);
    box.current.addEventListener("scroll", measure, { passive: true });
    measure();
    return () => observer.disconnect();
  }, []);
  return place;
}

export function CallList({ rows, openId }) {
  const box = useRef();
  const focusedId = useRef(openId);
  const { top, height, rowHeight } = useWindow(box);
  const first = Math.max(0, Math.floor(top / rowHeight) - AROUND);
  const last = Math.min(rows.length, Math.ceil((top + height) / rowHeight) + AROUND);
  const shown = rows.slice(first, last);
  const at = shown.findIndex((row) => row.RequestId === (focusedId.current ?? openId));

  const focusRow = (index) => {
    const row = rows[index];
    if (!row) return;
    focusedId.current = row.RequestId;
    const { scrollTop, clientHeight } = box.current;
    const start = index * rowHeight;
    if (start < scrollTop) box.current.scrollTop = start;
    else if (start + rowHeight > scrollTop + clientHeight) box.current.scrollTop = start + rowHeight - clientHeight;
    const focus = () => {
      const link = box.current?.querySelector(`[data-id="${CSS.escape(row.RequestId)}"]`);
      link?.focus({ preventScroll: true });
      return link;
    };
    if (!focus()) requestAnimationFrame(() => requestAnimationFrame(focus));
    if (route.peek().id !== null) open(address("calls", row.RequestId, route.peek().query), { replace: true });
  };

  useEffect(() => {
    const step = (by) => () => {
      const now = rows.findIndex((row) => row.RequestId === (route.peek().id ?? focusedId.current));
      const active = document.activeElement?.closest(".row") || route.peek().id !== null;
      focusRow(now < 0 || !active ? Math.max(now, 0) : Math.min(rows.length - 1, Math.max(0, now + by)));
    };
    const remove = [onKey("j", step(1)), onKey("k", step(-1)), onKey("ArrowDown", step(1)), onKey("ArrowUp", step(-1))];
    return () => remove.forEach((each) => each());
  });

  // The row of a call that a link has opened is in view.
  useEffect(() => {
    const index = openId === null ? -1 : rows.findIndex((row) => row.RequestId === openId);
    const { scrollTop, clientHeight } = box.current;
    const isOut = index >= 0 && (index * rowHeight < scrollTop || (index + 1) * rowHeight > scrollTop + clientHeight);
    if (isOut) box.current.scrollTop = (index + 0.5) * rowHeight - clientHeight / 2;
  }, [openId, rowHeight]);

  // When a call is closed, the focus returns to its row.
  const before = useRef(openId);
  useEffect(() => {
    if (openId !== null) focusedId.current = openId;
    else if (before.current !== null) focusRow(rows.findIndex((row) => row.RequestId === before.current));
    before.current = openId;
  }, [openId]);

  const toTop = () => {
    box.current.scrollTop = 0;
    hold(false);
  };
  const columns = ["time", "outcome", "why", "side", "account", "rule", "ms"];
  return html`<div class="call-list">
    <div class="row head" aria-hidden="true">${columns.map((name) => html`<span class=${`cell-${name}`}>${t(name)}</span>`)}</div>
    ${held.value.length > 0 && html`<button class="new-calls primary" onClick=${toTop}>
      <${Icon} name="chevron" />${t("count_new", { count: number(held.value.length) })}</button>`}
    <div class="scroll" ref=${box} tabindex="-1">
      <ol aria-label=${t("tab_calls")} style=${{ height: `${rows.length * rowHeight}px`, paddingTop: `${first * rowHeight}px` }}
        onFocusIn=${(event) => (focusedId.current = event.target.closest(".row")?.dataset.id ?? null)}>
        ${shown.map((row, index) => html`<${Row} key=${row.RequestId} row=${row} isOpen=${row.RequestId === openId}
          isLast=${at < 0 ? index === 0 : index === at} />`)}
      </ol>
    </div>
  </div>`;
}
