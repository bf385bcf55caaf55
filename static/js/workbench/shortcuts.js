// Keys that work anywhere on the workbench: send, stop, filter the catalogue.

const IS_APPLE = /Mac|iPhone|iPad/.test(navigator.platform);

/** Wire the keys, and write them on the button that they press. */
export function keysOf({ part, sending, tree, showing }) {
  part("send-keys").textContent = IS_APPLE ? "⌘↵" : "Ctrl ↵";
  addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (!part("send").disabled) sending.send();
    } else if (event.key === "Escape" && !event.defaultPrevented && !layerIsOpen()) {
      sending.stop();
    } else if (event.key === "/" && !isTyping(event.target) && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      showFilter(tree, showing);
    }
  }, { capture: false });
}

function showFilter(tree, showing) {
  if (!tree.filter.checkVisibility({ visibilityProperty: true })) showing.openDrawer();
  showing.show("catalogue");
  tree.focusFilter();
}

function layerIsOpen() {
  return document.querySelector("dialog[open], [popover]:popover-open") !== null;
}

function isTyping(element) {
  return element.closest("input, textarea, select, [contenteditable='true'], .cm-editor") !== null;
}
