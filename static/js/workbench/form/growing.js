// Texts that grow with what is in them, for browsers whose styles cannot do it (`field-sizing`).

const NEEDED = !CSS.supports("field-sizing", "content");

/** Give every growing text below `root` the height of its content. */
export function grow(root) {
  if (!NEEDED) return;
  for (const area of root.querySelectorAll("textarea.grow")) {
    area.style.setProperty("height", "auto");
    area.style.setProperty("height", `${area.scrollHeight + 2}px`);
  }
}
