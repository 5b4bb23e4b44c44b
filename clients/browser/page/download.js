/**
 * Give the visitor a file.
 * @param {string[]} parts of its text
 * @param {string} type
 * @param {string} name with its suffix; the time is put before the suffix
 */
export function download(parts, type, name) {
  const link = document.createElement("a");
  const time = new Date().toISOString().slice(0, 19).replaceAll(":", "");
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = name.replace(/\.(?=\w+$)/, `-${time}.`);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
