// Tabs by the pattern people's keyboards know: arrows move, Home and End jump, only the chosen one is in the tab order.

/** Wires a `role="tablist"`; `onChoose(name)` is told the chosen tab's `data-tab`. */
export class Tabs {
  constructor(list, onChoose) {
    this.list = list;
    this.onChoose = onChoose;
    this.tabs = [...list.querySelectorAll('[role="tab"]')];
    for (const tab of this.tabs) tab.addEventListener("click", () => this.choose(tab.dataset.tab));
    list.addEventListener("keydown", (event) => this.#key(event));
  }

  get chosen() {
    return this.tabs.find((tab) => tab.getAttribute("aria-selected") === "true")?.dataset.tab;
  }

  choose(name) {
    for (const tab of this.tabs) {
      const isChosen = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", isChosen);
      tab.tabIndex = isChosen ? 0 : -1;
      const panel = document.getElementById(tab.getAttribute("aria-controls"));
      if (panel) panel.hidden = !isChosen;
    }
    this.onChoose?.(name);
  }

  #key(event) {
    const at = this.tabs.indexOf(document.activeElement);
    const last = this.tabs.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at <= 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    this.tabs[to].focus();
    this.choose(this.tabs[to].dataset.tab);
  }
}
