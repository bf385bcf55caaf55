// The way into the command palette: Ctrl K or ⌘K anywhere, and the search in the top bar. It comes when first asked for.

const IS_APPLE = /Mac|iPhone|iPad/.test(navigator.platform);
let palette = null;

async function toggle() {
  const { Palette } = await import("./palette/dialog.js");
  palette ??= new Palette();
  if (palette.isOpen) palette.close();
  else palette.open();
}

const buttons = document.querySelectorAll("[data-palette]");
for (const button of buttons) {
  button.addEventListener("click", toggle);
  const keys = button.querySelector("kbd");
  if (keys) keys.textContent = IS_APPLE ? "⌘K" : "Ctrl K";
}

if (buttons.length) {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    toggle();
  }, { capture: true });
}
