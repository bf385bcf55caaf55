// A menu stands below the button that opens it, whole in the window however low or narrow that is.

const EDGE = 12;
const WIDEST = 320;
const GAP = 4;

/** Keep a popover `menu` below its `button` whenever it opens. */
export function keepBelow(menu, button) {
  menu.addEventListener("beforetoggle", ({ newState }) => {
    if (newState !== "open") return;
    const { bottom, right } = button.getBoundingClientRect();
    const widest = Math.min(WIDEST, innerWidth - 2 * EDGE);
    const fromRight = Math.max(EDGE, Math.min(innerWidth - right, innerWidth - EDGE - widest));
    menu.style.setProperty("inset", `${bottom + GAP}px ${fromRight}px auto auto`);
    menu.style.setProperty("max-height", `${innerHeight - bottom - GAP - EDGE}px`);
  });
}
