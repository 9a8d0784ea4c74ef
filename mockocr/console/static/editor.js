// The YAML editor: CodeMirror in an open shadow root, because the page's Content-Security-Policy
// allows no style element in the document.
import {
  Decoration, EditorState, EditorView, HighlightStyle, StateEffect, StateField, autocompletion, completionKeymap, history, historyKeymap,
  indentUnit, insertNewlineKeepIndent, keymap, lineNumbers, standardKeymap, syntaxHighlighting, tags, yaml,
} from "./vendor/codemirror.js";

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.keyword, tags.atom], color: "var(--warn)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--dim)" },
]);

const theme = EditorView.theme({
  "&": { height: "100%", fontSize: "13px", color: "var(--text)", backgroundColor: "var(--surface)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6" },
  ".cm-content": { caretColor: "var(--text)", padding: "8px 0" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--dim)", border: "0" },
  ".cm-line::selection, .cm-line ::selection": { backgroundColor: "var(--selection)" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--text)", border: "1px solid var(--line-strong)", borderRadius: "6px", maxWidth: "min(520px, 90vw)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent-fill)", color: "#fff" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "0.75", fontFamily: "var(--sans)", fontSize: "12px" },
  ".line-error": { boxShadow: "inset 3px 0 var(--bad)" },
  ".line-warning": { boxShadow: "inset 3px 0 var(--warn)" },
  ".mark-error": { textDecoration: "underline wavy var(--bad)", backgroundColor: "var(--bad-soft)" },
  ".mark-warning": { textDecoration: "underline wavy var(--warn)", backgroundColor: "var(--warn-soft)" },
});

const setMarks = StateEffect.define();

/** The places of problems. They move with the text until the server has checked it again. */
const marks = StateField.define({
  create: () => Decoration.none,
  update: (found, { changes, effects }) => effects.find((each) => each.is(setMarks))?.value ?? found.map(changes),
  provide: (field) => EditorView.decorations.from(field),
});

/** Types over a selection. The browser would keep its look by an inline style, which the policy forbids. */
const typedOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (event.inputType !== "insertText" || !event.data || view.state.selection.main.empty) return false;
    view.dispatch(view.state.replaceSelection(event.data), { scrollIntoView: true, userEvent: "input.type" });
    event.preventDefault();
    return true;
  },
});

/** An editor in an element. `onChange(text)`; `complete(lines, index, before)` as of the completer. */
export function createEditor(host, { text, label, onChange, complete }) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const source = (context) => {
    const line = context.state.doc.lineAt(context.pos);
    const lines = context.state.doc.toString().split("\n");
    const found = complete(lines, line.number - 1, line.text.slice(0, context.pos - line.from));
    if (!found || (!context.explicit && context.pos === line.from + found.from)) return null;
    const options = found.options.map((each) => ({ ...each, detail: (each.detail ?? "").slice(0, 80) }));
    return { from: line.from + found.from, options, validFor: /^[\w.-]*$/ };
  };
  const state = (content) =>
    EditorState.create({
      doc: content,
      extensions: [
        lineNumbers(), history(), indentUnit.of("  "), yaml, syntaxHighlighting(colours), marks, typedOver, theme,
        autocompletion({ override: [source] }),
        keymap.of([...completionKeymap, { key: "Enter", run: insertNewlineKeepIndent }, ...historyKeymap, ...standardKeymap]),
        EditorView.contentAttributes.of({ "aria-label": label }),
        EditorView.updateListener.of((update) => update.docChanged && onChange(update.state.doc.toString())),
      ],
    });
  const view = new EditorView({ state: state(text), parent: root, root });
  view.scrollDOM.tabIndex = 0;
  return {
    view,
    setText: (content) => view.setState(state(content)),
    /** Problems as the server finds them: `{line, column, text, severity}`, numbers from 1. */
    mark(problems) {
      const { doc } = view.state;
      const found = problems.flatMap(({ line, column, text, severity }) => {
        const place = doc.line(Math.min(Math.max(line ?? 1, 1), doc.lines));
        const from = Math.min(place.from + Math.max((column ?? 1) - 1, 0), place.to);
        const word = /^[\w.-]+|^\S+/.exec(doc.sliceString(from, place.to))?.[0];
        const attributes = { title: text };
        const whole = Decoration.line({ class: `line-${severity}`, attributes }).range(place.from);
        return word ? [whole, Decoration.mark({ class: `mark-${severity}`, attributes }).range(from, from + word.length)] : [whole];
      });
      view.dispatch({ effects: setMarks.of(Decoration.set(found, true)) });
    },
    goTo(line, column) {
      const target = view.state.doc.line(Math.min(line ?? 1, view.state.doc.lines));
      view.dispatch({ selection: { anchor: Math.min(target.from + (column ?? 1) - 1, target.to) }, scrollIntoView: true });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}
