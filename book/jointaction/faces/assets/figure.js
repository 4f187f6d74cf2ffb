/* The engine of every figure: draws, listens, announces, saves and shares. It asks a source for read-outs and
   rows. On a page the source is the figure's sheet, run by Vega; in a notebook it is Python.
   The charts library is fetched at the first sign of intent, never with the page. Until then, and if it cannot
   be fetched, the still figure stands. */
(function () {
  "use strict";

  const HERE = document.currentScript.src; // beside it lies the charts library of a page
  const NARROW = 330; // width of a wide panel where the figure is narrow, as in the still
  const NARROW_BELOW = 520;

  let library = null;
  function charts() {
    if (window.jointactionVega) return Promise.resolve(window.jointactionVega);
    if (!library) {
      library = new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = new URL("charts.js", HERE).href;
        script.onload = () => (window.jointactionVega ? resolve(window.jointactionVega) : reject(new Error("empty")));
        script.onerror = () => reject(new Error("not loaded"));
        document.head.append(script);
      });
      library.catch(() => { library = null; }); // a later move tries again
    }
    return library;
  }

  // Errors only: a layer without rows would warn.
  const viewOf = (vega, spec, options) => new vega.View(vega.parse(spec), { logLevel: vega.Error, ...options });

  function shown(value, digits) {
    if (typeof value === "boolean") return value ? "yes" : "no";
    if (value === null || value === undefined || Number.isNaN(value)) return "not available";
    if (value === Infinity) return "no limit";
    if (value === -Infinity) return "no lower limit";
    if (digits === null || typeof value === "string") return String(value);
    return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }

  // A file the reader keeps: made on the spot, so that it works from a folder as from a server.
  function save(name, type, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  /* The sheet as Vega: a view without a drawing that holds the model. */
  class Sheet {
    constructor(page) { this.page = page; this.live = false; this.changed = new Set(); }

    open(figure) { this.figure = figure; }

    start(vega, state) {
      const { data } = this.page;
      const signals = this.page.signals.map((s) => (s.name in state ? { ...s, value: state[s.name] } : s));
      this.view = viewOf(vega, { signals, data }, { renderer: "none" });
      this.view.run();
      for (const { name } of data) {
        this.changed.add(name);
        this.view.addDataListener(name, () => this.changed.add(name));
      }
      this.live = true;
    }

    ask(state, hovered) {
      const settings = hovered === null ? state : { ...state, [this.page.hover[0]]: hovered };
      for (const [name, value] of Object.entries(settings)) this.view.signal(name, value);
      this.view.run();
      const changed = this.changed;
      this.changed = new Set();
      this.figure.answered({ changed });
    }

    value(name) { return this.view.signal(name); }

    // Plain copies: a row belongs to one view.
    rows(name) { return this.view.data(name).map((row) => Object.fromEntries(Object.entries(row))); }

    has(name) { return this.page.data.some((entry) => entry.name === name); }

    close() { if (this.view) this.view.finalize(); }
  }

  class Figure {
    constructor(figure, page, source) {
      this.figure = figure;
      this.page = page;
      this.source = source;
      this.controls = new Map(page.controls.map((c) => [c.name, c]));
      this.state = { ...page.start };
      this.status = figure.querySelector(".ja-status");
      this.views = [];
      this.hovered = null;
      this.stale = new Set(); // tables that changed since they were drawn
      this.stop = new AbortController();
      source.open(this);
      this.listen();
      if (source.live) { this.showControls(); this.load(); return; }
      const restored = this.readAddress();
      if (restored || this.movedBeforeScripts()) this.load();
    }

    input(name) { return this.figure.querySelector(`[name="${name}"]:not(output)`); }

    listen() {
      const { figure } = this, { signal } = this.stop;
      for (const sign of ["pointerenter", "touchstart", "focusin"]) {
        figure.addEventListener(sign, () => this.load(), { once: true, passive: true, signal });
      }
      figure.addEventListener("input", (event) => this.moved(event.target), { signal });
      figure.addEventListener("change", (event) => this.moved(event.target), { signal });
      figure.addEventListener("keydown", (event) => this.key(event), { signal });
      figure.addEventListener("pointerdown", (event) => { this.dragging = event.target; }, { signal });
      for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => { this.dragging = null; }, { signal });
      figure.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (button && button.dataset.preset) this.preset(button.dataset.preset);
        if (button && button.dataset.action) this.act(button.dataset.action);
      }, { signal });
      let narrow = this.isNarrow();
      this.size = new ResizeObserver(() => {
        const hidden = !figure.querySelector(".ja-panels").clientWidth; // in a notebook, scrolled far away
        if (!hidden && narrow !== this.isNarrow()) { narrow = !narrow; if (this.vega) this.draw(); }
      });
      this.size.observe(figure.querySelector(".ja-panels"));
    }

    close() {
      this.stop.abort();
      this.size.disconnect();
      clearTimeout(this.pause);
      clearTimeout(this.writing);
      this.views.forEach((view) => view.finalize());
      this.views = [];
      this.source.close();
    }

    // Controls ------------------------------------------------------------------------------------------

    movedBeforeScripts() {
      let moved = false;
      for (const name of this.controls.keys()) {
        const value = this.readControl(name), start = this.state[name];
        // A slider keeps fewer digits than a number such as 624/36 has; that is no move.
        const same = typeof value === "number" ? Math.abs(value - start) <= 1e-9 * Math.abs(start) : value === start;
        if (!same) { this.state[name] = value; moved = true; }
      }
      if (moved) this.showControls();
      return moved;
    }

    readControl(name) {
      const input = this.input(name), kind = this.controls.get(name).kind;
      return kind === "switch" ? input.checked : kind === "choice" ? input.value : Number(input.value);
    }

    moved(input) {
      const control = this.controls.get(input.name);
      if (!control || input.tagName === "OUTPUT") return;
      let value = this.readControl(input.name);
      if (control.kind === "range" && this.dragging === input) value = this.snap(control, value);
      if (value === this.state[input.name] && this.figure.dataset.state !== "failed") return;
      this.set({ [input.name]: value });
    }

    // Dragging and arrow keys move in steps; an address or a program may set any value in between.
    snap(control, value) {
      const steps = Math.round((value - control.low) / control.step);
      const near = Number((control.low + steps * control.step).toPrecision(12));
      return Math.min(control.high, Math.max(control.low, near));
    }

    key(event) {
      const control = this.controls.get(event.target.name);
      if (!control || control.kind !== "range" || event.ctrlKey || event.altKey || event.metaKey) return;
      const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 5, PageDown: -5 }[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation(); // a notebook would move to another cell
      this.set({ [control.name]: this.snap(control, this.state[control.name] + by * control.step) });
    }

    set(values) {
      Object.assign(this.state, values);
      this.say("");
      this.showControls();
      this.writeAddress();
      if (this.vega) this.update(); else this.load();
    }

    // Settings that came from elsewhere: from Python, or from another view of the same figure.
    adopt(values) {
      if (Object.keys(values).every((name) => values[name] === this.state[name])) return;
      Object.assign(this.state, values);
      this.showControls();
    }

    preset(id) {
      this.set(this.page.presets.find((p) => p.id === id).values);
    }

    showControls() {
      for (const [name, control] of this.controls) {
        const input = this.input(name), value = this.state[name];
        if (control.kind === "switch") input.checked = value;
        else if (input.value !== String(value)) input.value = value;
        if (control.kind === "range") {
          // At least the usual decimals, more where an address asks for more.
          const own = (String(value).split(".")[1] || "").length;
          const text = value.toFixed(Math.min(4, Math.max(control.digits, own)));
          this.figure.querySelector(`[data-for="${name}"]`).textContent = text;
          input.setAttribute("aria-valuetext", control.unit ? `${text} ${control.unit}` : text);
        }
      }
      for (const button of this.figure.querySelectorAll("[data-preset]")) {
        const values = this.page.presets.find((p) => p.id === button.dataset.preset).values;
        const on = Object.keys(values).every((name) => values[name] === this.state[name]);
        button.setAttribute("aria-pressed", String(on));
      }
    }

    // Drawing -------------------------------------------------------------------------------------------

    load() {
      if (this.vega || this.loading) return;
      this.loading = true;
      this.figure.dataset.state = "loading";
      charts().then((vega) => this.start(vega)).catch(() => {
        this.vega = null;
        this.figure.dataset.state = "failed";
        this.say("The charts could not be loaded, so this figure shows its start values; move a control to try again.");
      }).finally(() => { this.loading = false; });
    }

    start(vega) {
      if (this.source.start) this.source.start(vega, this.state);
      this.vega = vega; // from here on moves go straight to the source; earlier ones are in the state
      this.draw();
      this.showControls();
      if (this.source.start) this.update(); else this.answered({ changed: new Set() });
    }

    isNarrow() { return this.figure.querySelector(".ja-panels").clientWidth < NARROW_BELOW; }

    draw() {
      this.views.forEach((view) => view.finalize());
      this.views = this.page.panels.map((panel) => {
        const chart = this.figure.querySelector(`[data-panel="${panel.name}"] .ja-chart`);
        const names = panel.vega.data.map((d) => d.name).filter((name) => this.source.has(name));
        const spec = {
          ...panel.vega,
          data: panel.vega.data.map((d) => (names.includes(d.name) ? { ...d, values: this.source.rows(d.name) } : d)),
        };
        if (panel.wide && this.isNarrow()) spec.width = NARROW;
        const holder = document.createElement("div");
        holder.className = "ja-live";
        const view = viewOf(this.vega, spec, { renderer: "svg", container: holder, hover: true });
        view.tooltip((handler, event, item, value) => this.tooltip(chart, event, value));
        view.run();
        view.tables = names;
        if (this.page.hover) this.follow(view);
        // The drawing fills the place of its still and scales with the page.
        const svg = holder.querySelector("svg");
        svg.setAttribute("aria-hidden", "true");
        svg.setAttribute("focusable", "false");
        chart.querySelectorAll(".ja-live").forEach((old) => old.remove());
        chart.classList.add("ja-drawn");
        chart.append(holder);
        return view;
      });
      this.stale.clear();
    }

    // Read-outs follow at once; the drawing follows with the screen's next frame, however fast the moves.
    update() { this.source.ask(this.state, this.hovered); }

    answered({ changed, note, error }) {
      if (changed) changed.forEach((name) => this.stale.add(name));
      if (note !== undefined) this.remark(note, error);
      for (const { name, digits } of this.page.readouts) {
        const output = this.figure.querySelector(`output[name="${name}"]`);
        const value = error ? null : this.source.value(name);
        const missing = value === null || value === undefined || Number.isNaN(value);
        const text = error ? "—" : shown(value, digits);
        output.dataset.value = missing ? "" : String(value);
        if (output.textContent !== text) output.textContent = text;
      }
      if (!this.vega) return;
      this.figure.dataset.state = "live";
      this.frame = this.frame || requestAnimationFrame(() => { this.frame = null; this.paint(); });
    }

    // What of the figure is not the book's own model, and what went wrong in it: never a picture that is not so.
    remark(note, error) {
      let line = this.figure.querySelector(".ja-changed");
      if (!line) {
        line = document.createElement("p");
        line.className = "ja-changed";
        line.setAttribute("role", "status");
        this.figure.querySelector(".ja-title").after(line);
      }
      line.textContent = [note, error].filter(Boolean).join(": ");
      this.figure.classList.toggle("ja-wrong", Boolean(error));
    }

    paint() {
      const stale = this.stale;
      this.stale = new Set();
      for (const view of this.views) {
        const changed = view.tables.filter((name) => stale.has(name));
        changed.forEach((name) => view.data(name, this.source.rows(name)));
        if (changed.length) view.run();
      }
      if (stale.has(this.page.table.data)) this.showTable();
      this.announce();
      this.figure.dispatchEvent(new CustomEvent("ja-painted"));
    }

    showTable() {
      const { table } = this.page, body = this.figure.querySelector(".ja-data tbody");
      body.replaceChildren(...this.source.rows(table.data).map((row) => {
        const tr = document.createElement("tr");
        table.columns.forEach((column, i) => {
          const cell = document.createElement(i ? "td" : "th");
          if (!i) cell.scope = "row";
          if (column.digits !== null) cell.className = "number";
          cell.textContent = shown(row[column.field], column.digits);
          tr.append(cell);
        });
        return tr;
      }));
    }

    // A quiet sentence for screen readers once the reader pauses.
    announce() {
      clearTimeout(this.pause);
      this.pause = setTimeout(() => {
        const texts = this.page.readouts.slice(0, 4).map(({ name, label }) =>
          `${label}: ${this.figure.querySelector(`output[name="${name}"]`).textContent}`);
        const spoken = this.figure.querySelector(".ja-spoken");
        if (spoken) spoken.textContent = texts.join(". ");
      }, 900);
    }

    follow(view) {
      const [control, column] = this.page.hover;
      const at = (item) => (item && item.datum && item.datum[column]) || null;
      view.addEventListener("pointermove", (event, item) => {
        const name = event.pointerType === "touch" ? null : at(item);
        if (name !== this.hovered) { this.hovered = name; this.update(); }
      });
      view.addEventListener("pointerleave", () => { if (this.hovered !== null) { this.hovered = null; this.update(); } });
      view.addEventListener("click", (event, item) => {
        const name = at(item);
        if (name) { this.hovered = null; this.set({ [control]: this.state[control] === name ? "" : name }); }
      });
    }

    tooltip(chart, event, value) {
      let tip = chart.querySelector(".ja-tip");
      if (!value) { if (tip) tip.remove(); return; }
      if (!tip) { tip = document.createElement("div"); tip.className = "ja-tip"; chart.append(tip); }
      const lines = typeof value === "object" ? Object.entries(value) : [["", value]];
      tip.replaceChildren(...lines.map(([key, text]) => {
        const line = document.createElement("div");
        line.textContent = key ? `${key}: ${text}` : text;
        return line;
      }));
      const box = chart.getBoundingClientRect();
      const left = Math.min(event.clientX - box.left + 12, box.width - tip.offsetWidth);
      tip.style.left = `${Math.max(0, left)}px`;
      tip.style.top = `${event.clientY - box.top + 14}px`;
    }

    // Address -------------------------------------------------------------------------------------------

    key_of(name) { return `${this.page.name}.${name}`; }

    readAddress() {
      const query = new URLSearchParams(location.search), notes = [], prefix = `${this.page.name}.`;
      let found = false;
      for (const [key, text] of query) {
        if (!key.startsWith(prefix)) continue;
        found = true;
        const control = this.controls.get(key.slice(prefix.length));
        if (!control) { notes.push(`The address names a control “${key.slice(prefix.length)}” that this figure does not have; it is ignored.`); continue; }
        this.readSetting(control, text, notes);
      }
      if (found) { this.showControls(); this.say(notes.join(" ")); }
      return found;
    }

    readSetting(control, text, notes) {
      if (control.kind === "range") {
        const value = text.trim() === "" ? NaN : Number(text);
        if (!Number.isFinite(value)) { notes.push(`${control.label} is a number, so “${text}” in the address is ignored.`); return; }
        const near = Math.min(control.high, Math.max(control.low, value));
        if (near !== value) notes.push(`${control.label} goes from ${control.low} to ${control.high}, so ${text} in the address became ${near}.`);
        this.state[control.name] = near;
      } else if (control.kind === "switch") {
        if (!["true", "false"].includes(text)) { notes.push(`${control.label} is true or false, so “${text}” in the address is ignored.`); return; }
        this.state[control.name] = text === "true";
      } else if (control.options.some(([value]) => value === text)) {
        this.state[control.name] = text;
      } else {
        notes.push(`${control.label} has no choice “${text}”; the address’s value is ignored.`);
      }
    }

    address() {
      const url = new URL(location.href);
      for (const [name] of this.controls) {
        url.searchParams.delete(this.key_of(name));
        if (this.state[name] !== this.page.start[name]) url.searchParams.set(this.key_of(name), this.state[name]);
      }
      url.hash = this.figure.id;
      return url;
    }

    // The address follows the controls by replacing itself: one entry in the history, however many moves.
    writeAddress() {
      if (!this.source.start) return; // a notebook's address is not ours
      clearTimeout(this.writing);
      this.writing = setTimeout(() => {
        try { history.replaceState(history.state, "", this.address()); } catch (error) { /* some browsers refuse on file:// */ }
      }, 250);
    }

    // Buttons -------------------------------------------------------------------------------------------

    say(text) { if (this.status) this.status.textContent = text; }

    act(action) {
      if (action === "reset") this.set({ ...this.page.start });
      if (action === "copy-link") this.copyLink();
      if (action === "download-csv") this.whenLive(() => save(`${this.page.name}.csv`, "text/csv", this.csv()));
      if (action === "download-svg") this.whenLive(() => this.saveDrawings());
    }

    whenLive(then) {
      if (this.figure.dataset.state === "live") then();
      else { this.load(); const wait = setInterval(() => {
        if (this.figure.dataset.state === "loading") return;
        clearInterval(wait);
        if (this.figure.dataset.state === "live") then();
      }, 50); }
    }

    async copyLink() {
      const link = this.scenario().href;
      try {
        await navigator.clipboard.writeText(link);
        this.say("The link to this scenario is copied.");
      } catch (error) {
        // No clipboard here (a page opened from a folder, say): show the link, ready to copy.
        const field = document.createElement("input");
        field.readOnly = true;
        field.value = link;
        field.setAttribute("aria-label", "Link to this scenario");
        this.status.replaceChildren("Copy this link: ", field);
        field.focus();
        field.select();
      }
    }

    // A link names every control, so that it means the same when the start values change.
    scenario() {
      const url = new URL(location.href);
      url.search = "";
      for (const name of this.controls.keys()) {
        if (this.state[name] !== "") url.searchParams.set(this.key_of(name), this.state[name]);
      }
      url.hash = this.figure.id;
      return url;
    }

    csv() {
      const { table } = this.page;
      const quote = (v) => (v === null || v === undefined || Number.isNaN(v) ? "" : /[",\n]/.test(v) ? `"${String(v).replaceAll('"', '""')}"` : v);
      const lines = [table.columns.map((c) => quote(c.label)).join(",")];
      for (const row of this.source.rows(table.data)) lines.push(table.columns.map((c) => quote(row[c.field])).join(","));
      return lines.join("\n") + "\n";
    }

    async saveDrawings() {
      const style = getComputedStyle(this.figure);
      for (const [i, view] of this.views.entries()) {
        const svg = await view.toSVG();
        const plain = svg.replace(/var\((--[\w-]+)\)/g, (whole, name) => style.getPropertyValue(name).trim() || whole);
        save(`${this.page.name}-${this.page.panels[i].name}.svg`, "image/svg+xml", plain);
      }
    }
  }

  // Several views of one figure may stand on a notebook's page, so each gets ids of its own.
  let views = 0;
  function ownIds(figure) {
    const mark = `-${++views}`;
    for (const element of [figure, ...figure.querySelectorAll("*")]) {
      for (const name of ["id", "for", "aria-labelledby", "aria-describedby"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.split(" ").map((id) => id + mark).join(" "));
      }
    }
  }

  const mount = (figure, page, source) => {
    ownIds(figure);
    return (figure.explorer = new Figure(figure, page, source));
  };
  window.jointaction = { mount };

  const begin = () => document.querySelectorAll("figure.explorer").forEach((figure) => {
    const payload = figure.querySelector(".ja-payload");
    if (figure.explorer || !payload) return;
    const page = JSON.parse(payload.textContent);
    figure.explorer = new Figure(figure, page, new Sheet(page));
  });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin); else begin();
})();
