/* The figure in a notebook: fetches the engine over the kernel's connection, once a page, and asks Python for
   the answer to each move. */

const KEPT = Symbol.for("jointaction");
const kept = (globalThis[KEPT] = globalThis[KEPT] || new Map()); // version of the engine → promise of it

let asked = 0;
function ask(model, need) {
  const id = `${Date.now()}-${asked++}`;
  return new Promise((resolve) => {
    const hear = (message, buffers) => {
      if (message.id !== id) return;
      model.off("msg:custom", hear);
      resolve({ message, buffers });
    };
    model.on("msg:custom", hear);
    model.send({ need, id });
  });
}

async function engine(model) {
  const version = model.get("_library");
  if (!kept.has(version)) {
    const coming = ask(model, "library").then(async ({ buffers }) => {
      const [charts, figure, style] = buffers.map((buffer) => new TextDecoder().decode(buffer));
      for (const text of [charts, figure]) {
        const script = document.createElement("script");
        script.src = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
        await new Promise((resolve, reject) => {
          script.onload = resolve;
          script.onerror = () => reject(new Error("The drawing library could not be loaded."));
          document.head.append(script);
        });
        URL.revokeObjectURL(script.src);
        script.remove();
      }
      return { ...globalThis.jointaction, style };
    });
    coming.catch(() => kept.delete(version)); // a later figure tries again
    kept.set(version, coming);
  }
  return kept.get(version);
}

function number(value) {
  return value !== null && typeof value === "object" ? Number(value.number) : value;
}

/* Milliseconds after a move at which a word without meaning goes to the kernel. The notebook server holds an answer back
   until the browser acknowledges the message before it ("busy"), which a browser with nothing to say does after 40 ms;
   with something to say it does so at once (Nagle's algorithm and delayed acknowledgment). */
const ACKNOWLEDGE = [4, 12];

/* Python's answers, as the engine reads them. All views of one widget share the tables. */
class Kernel {
  constructor(model) {
    this.model = model;
    this.tables = {};
    this.readouts = {};
    this.hovered = null;
    this.live = true;
  }

  open(figure) { this.figure = figure; }

  take({ readouts, tables, note, error }, buffers) {
    for (const [name, value] of Object.entries(readouts)) this.readouts[name] = number(value);
    for (const [name, { rows, columns }] of Object.entries(tables)) {
      const table = this.tables[name] && this.tables[name].rows === rows ? this.tables[name] : { rows, columns: {} };
      for (const { name: column, buffer, values } of columns) {
        if (buffer === undefined) { table.columns[column] = values; continue; }
        const bytes = buffers[buffer]; // copied, since a message's buffer need not lie on a multiple of eight
        table.columns[column] = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
      }
      this.tables[name] = table;
    }
    return { changed: new Set(Object.keys(tables)), note, error };
  }

  ask(state, hovered) {
    const moved = Object.entries(state).filter(([name, value]) => this.model.get(name) !== value);
    moved.forEach(([name, value]) => this.model.set(name, value));
    if (moved.length) {
      this.model.save_changes();
      ACKNOWLEDGE.forEach((wait) => setTimeout(() => this.model.send({ need: "nothing" }), wait));
    }
    if (hovered === this.hovered) return;
    this.hovered = hovered;
    if (hovered !== null || !moved.length) this.model.send({ need: "hover", value: hovered });
  }

  value(name) { return this.readouts[name]; }

  rows(name) {
    const { rows, columns } = this.tables[name] || { rows: 0, columns: {} };
    return Array.from({ length: rows }, (_, i) => {
      const row = {};
      for (const column in columns) row[column] = columns[column][i];
      return row;
    });
  }

  has(name) { return name in this.tables; }

  close() {
    this.tables = {};
    this.figure = null;
  }
}

function dark() {
  const { body, documentElement: root } = document;
  if (body.dataset.jpThemeLight) return body.dataset.jpThemeLight === "false";
  if (body.classList.contains("vscode-dark") || root.getAttribute("theme") === "dark") return true;
  if (body.classList.contains("vscode-light") || root.getAttribute("theme") === "light") return false;
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

/* Keys that a reader presses in a figure are no commands of the notebook: an arrow would leave a drop-down for the
   next cell, a letter would delete or add a cell. JupyterLab looks for this mark before it takes a key. */
function keepKeys(el) {
  const mark = (event) => {
    const command = event.ctrlKey || event.altKey || event.metaKey || (event.shiftKey && event.key === "Enter");
    if (el.contains(event.target)) event.target.toggleAttribute("data-lm-suppress-shortcuts", !command);
  };
  addEventListener("keydown", mark, true); // before the application, which listens on the document
  return () => removeEventListener("keydown", mark, true);
}

export default {
  async render({ model, el }) {
    el.classList.add("ja-host");
    el.textContent = "The figure is on its way.";
    const { mount, style } = await engine(model).catch((error) => { el.textContent = error.message; throw error; });
    const { message, buffers } = await ask(model, "figure");

    const root = el.getRootNode().head || el.getRootNode().body || document.head;
    const mark = `ja-style-${model.get("_library")}`;
    if (!root.querySelector(`#${mark}`)) {
      const sheet = document.createElement("style");
      sheet.id = mark;
      sheet.textContent = style;
      root.append(sheet);
    }

    el.innerHTML = message.html;
    const source = new Kernel(model);
    source.take(message, buffers);
    const start = { ...message.page, start: Object.fromEntries(message.page.controls.map((c) => [c.name, model.get(c.name)])) };
    const figure = mount(el.querySelector("figure.explorer"), start, source);
    figure.answered({ note: message.note, error: message.error });

    const hear = (answer, more) => {
      if (answer.what === "answer" && !answer.id) figure.answered(source.take(answer, more));
    };
    model.on("msg:custom", hear);
    const moved = () => figure.adopt(Object.fromEntries(message.page.controls.map((c) => [c.name, model.get(c.name)])));
    const names = message.page.controls.map((c) => `change:${c.name}`);
    names.forEach((name) => model.on(name, moved));

    const look = () => { el.dataset.theme = dark() ? "dark" : "light"; };
    look();
    const watch = new MutationObserver(look);
    watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "class"] });
    watch.observe(document.documentElement, { attributes: true, attributeFilter: ["theme"] });
    const letGo = keepKeys(el);
    return () => {
      letGo();
      watch.disconnect();
      model.off("msg:custom", hear);
      names.forEach((name) => model.off(name, moved));
      figure.close();
      el.replaceChildren();
    };
  },
};
