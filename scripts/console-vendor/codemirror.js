import { LRLanguage } from "@codemirror/language";
import { parser } from "@lezer/yaml";

export { EditorState, StateEffect, StateField } from "@codemirror/state";
export { Decoration, EditorView, keymap, lineNumbers } from "@codemirror/view";
export { history, historyKeymap, insertNewlineKeepIndent, standardKeymap } from "@codemirror/commands";
export { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
export { autocompletion, completionKeymap } from "@codemirror/autocomplete";
export { tags } from "@lezer/highlight";
export const yaml = LRLanguage.define({ name: "yaml", parser });
