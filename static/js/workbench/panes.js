// Panes that are as wide as somebody likes: dragged or moved by arrow keys, remembered, put back by a double click.

const LEAST = { catalogue: 220, request: 440, response: 420 };
const STEP = 16;

/** Wires the edges between the panes of a workbench. */
export function resizable(workbench) {
  for (const edge of workbench.querySelectorAll(".pane-edge")) new Edge(workbench, edge);
}

class Edge {
  constructor(workbench, edge) {
    this.workbench = workbench;
    this.edge = edge;
    this.name = edge.dataset.pane;
    this.pane = workbench.querySelector(`.${this.name}`);
    this.property = `--width-${this.name}`;
    this.#set(Number(remembered(this.name)) || null);
    edge.addEventListener("pointerdown", (event) => this.#drag(event));
    edge.addEventListener("keydown", (event) => this.#key(event));
    edge.addEventListener("dblclick", () => this.#keep(null));
    edge.addEventListener("focus", () => this.#tell());
  }

  #drag(event) {
    event.preventDefault();
    this.edge.setPointerCapture(event.pointerId);
    const from = event.clientX - this.pane.offsetWidth;
    const move = ({ clientX }) => this.#set(this.#within(clientX - from));
    const end = () => {
      this.edge.removeEventListener("pointermove", move);
      this.#keep(this.pane.offsetWidth);
    };
    this.edge.addEventListener("pointermove", move);
    this.edge.addEventListener("pointerup", end, { once: true });
    this.edge.addEventListener("pointercancel", end, { once: true });
  }

  #key(event) {
    const width = this.pane.offsetWidth;
    const to = { ArrowLeft: width - STEP, ArrowRight: width + STEP, Home: LEAST[this.name], End: Infinity }[event.key];
    if (event.key === "Enter") this.#keep(null);
    if (to === undefined) return;
    event.preventDefault();
    this.#keep(this.#within(to));
  }

  // Whatever it takes, the answer keeps its least width.
  #within(width) {
    const response = this.workbench.querySelector(".response-pane").offsetWidth;
    const most = this.pane.offsetWidth + response - LEAST.response;
    return Math.round(Math.max(LEAST[this.name], Math.min(width, most)));
  }

  #keep(width) {
    this.#set(width);
    remember(this.name, width);
  }

  #set(width) {
    if (width) this.workbench.style.setProperty(this.property, `${width}px`);
    else this.workbench.style.removeProperty(this.property);
    this.#tell();
  }

  #tell() {
    this.edge.setAttribute("aria-valuemin", LEAST[this.name]);
    this.edge.setAttribute("aria-valuemax", Math.max(LEAST[this.name], this.#within(Infinity)));
    this.edge.setAttribute("aria-valuenow", this.pane.offsetWidth);
  }
}

function remembered(name) {
  try {
    return localStorage.getItem(`pane:${name}`);
  } catch {
    return null;
  }
}

function remember(name, width) {
  try {
    if (width) localStorage.setItem(`pane:${name}`, width);
    else localStorage.removeItem(`pane:${name}`);
  } catch {
    // A width that is not remembered harms nobody.
  }
}
