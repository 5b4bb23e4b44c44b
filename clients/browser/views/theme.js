/**
 * Light and dark: what the system wants, unless the visitor says otherwise. Nothing is stored.
 */

/** @typedef {"auto" | "light" | "dark"} ThemeChoice */

const SYSTEM = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
/** @type {Set<() => void>} */
const listeners = new Set();
SYSTEM?.addEventListener("change", tell);

function tell() {
  for (const listener of listeners) listener();
}

/**
 * Choose the theme of the page.
 * @param {ThemeChoice} choice
 */
export function setTheme(choice) {
  if (choice === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  tell();
}

/**
 * @returns {"light" | "dark"} the theme that shows now
 */
export function theme() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return SYSTEM?.matches ? "dark" : "light";
}

/**
 * Call back after every change of the theme.
 * @param {() => void} callback
 * @returns {() => void} stops it
 */
export function onTheme(callback) {
  listeners.add(callback);
  return () => listeners.delete(callback);
}
