// Which pane is seen where not all have room: the catalogue as a drawer below 1,360 px, one pane at a time on narrow screens.

const NARROW = matchMedia("(width < 900px)");

/** Shows panes by name: "catalogue", "request", "response". */
export class Showing {
  constructor(workbench) {
    this.workbench = workbench;
    this.drawer = workbench.querySelector(".catalogue");
    this.shown = "request";
    for (const button of workbench.querySelectorAll("[data-show]")) {
      button.addEventListener("click", () => this.#press(button.dataset.show));
    }
    workbench.addEventListener("keydown", (event) => event.key === "Escape" && this.isDrawerOpen && this.closeDrawer(event));
    this.drawer.addEventListener("focusout", (event) => this.#left(event));
    workbench.addEventListener("pointerdown", (event) => this.isDrawerOpen && !this.drawer.contains(event.target) && !event.target.closest("[data-show]") && this.closeDrawer());
    NARROW.addEventListener("change", () => this.show(this.shown));
    this.show("request");
  }

  get isDrawerOpen() {
    return this.workbench.dataset.drawer === "open";
  }

  /** Bring a pane forward; where all have room nothing changes. */
  show(name) {
    this.shown = name;
    this.workbench.dataset.shown = name;
    this.#mark();
  }

  openDrawer() {
    this.opener = document.activeElement;
    this.workbench.dataset.drawer = "open";
    this.drawer.querySelector("input").focus();
    this.#mark();
  }

  closeDrawer(event) {
    event?.preventDefault();
    event?.stopPropagation();
    if (!this.isDrawerOpen) return;
    const held = this.drawer.contains(document.activeElement);
    delete this.workbench.dataset.drawer;
    if (held) this.opener?.focus();
    this.#mark();
  }

  #press(name) {
    const isTab = getComputedStyle(this.workbench).getPropertyValue("--panes").trim();
    if (name === "catalogue" && isTab !== "one") return this.isDrawerOpen ? this.closeDrawer() : this.openDrawer();
    this.closeDrawer();
    this.show(name);
  }

  #left({ relatedTarget }) {
    if (this.isDrawerOpen && relatedTarget && !this.drawer.contains(relatedTarget) && !relatedTarget.closest("[data-show]")) this.closeDrawer();
  }

  #mark() {
    for (const button of this.workbench.querySelectorAll(".pane-tabs [data-show]")) {
      const isShown = this.isDrawerOpen ? button.dataset.show === "catalogue" : button.dataset.show === this.shown;
      button.setAttribute("aria-pressed", isShown);
    }
    this.workbench.querySelector(".catalogue-open").setAttribute("aria-expanded", this.isDrawerOpen);
  }
}
