import { LRLanguage } from "@codemirror/language";
import { parser } from "@lezer/yaml";

export { EditorState } from "@codemirror/state";
export { EditorView, drawSelection, keymap, lineNumbers } from "@codemirror/view";
export { history, historyKeymap, insertNewlineKeepIndent, standardKeymap } from "@codemirror/commands";
export { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
export { lintGutter, setDiagnostics } from "@codemirror/lint";
export { autocompletion, completionKeymap } from "@codemirror/autocomplete";
export { tags } from "@lezer/highlight";
export const yaml = LRLanguage.define({ name: "yaml", parser });
