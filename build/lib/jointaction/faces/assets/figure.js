/* The explorers of a page: native controls that recompute a figure in the browser.
   The charts library is fetched at the first sign of intent, never with the page. Until then, and if it
   cannot be fetched, the still figure stands. */
(function () {
  "use strict";

  const LIBRARY = new URL("charts.js", document.currentScript.src).href;
  const NARROW = 330; // width of a wide panel where the figure is narrow, as in the still
  const NARROW_BELOW = 520;

  let library = null;
  function loadLibrary() {
    if (!library) {
      library = new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = LIBRARY;
        script.onload = () => (window.jointactionEmbed ? resolve(window.jointactionEmbed) : reject(new Error("empty")));
        script.onerror = () => reject(new Error("not loaded"));
        document.head.append(script);
      });
      library.catch(() => { library = null; }); // a later move tries again
    }
    return library;
  }

  async function view_of(embed, holder, spec, options) {
    const { view } = await embed(holder, spec, {
      mode: "vega", actions: false, defaultStyle: false, logLevel: 1, ...options, // 1: errors only; an empty layer warns
    });
    return view;
  }

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

  class Explorer {
    constructor(figure) {
      this.figure = figure;
      this.page = JSON.parse(figure.querySelector(".ja-payload").textContent);
      this.controls = new Map(this.page.controls.map((c) => [c.name, c]));
      this.state = { ...this.page.start };
      this.status = figure.querySelector(".ja-status");
      this.views = [];
      this.hovered = null;
      this.listen();
      const restored = this.readAddress();
      if (restored || this.movedBeforeScripts()) this.load();
    }

    input(name) { return this.figure.querySelector(`[name="${name}"]:not(output)`); }

    listen() {
      const { figure } = this;
      for (const sign of ["pointerenter", "touchstart", "focusin"]) {
        figure.addEventListener(sign, () => this.load(), { once: true, passive: true });
      }
      figure.addEventListener("input", (event) => this.moved(event.target));
      figure.addEventListener("change", (event) => this.moved(event.target));
      figure.addEventListener("keydown", (event) => this.key(event));
      figure.addEventListener("pointerdown", (event) => { this.dragging = event.target; });
      for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => { this.dragging = null; });
      figure.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (button && button.dataset.preset) this.preset(button.dataset.preset);
        if (button && button.dataset.action) this.act(button.dataset.action);
      });
      let narrow = this.isNarrow();
      addEventListener("resize", () => {
        if (narrow !== this.isNarrow()) { narrow = !narrow; if (this.embed) this.draw(this.embed); }
      });
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
      this.set({ [control.name]: this.snap(control, this.state[control.name] + by * control.step) });
    }

    set(values) {
      Object.assign(this.state, values);
      this.say("");
      this.showControls();
      this.writeAddress();
      if (this.embed) this.update(); else this.load();
    }

    preset(id) {
      const preset = this.page.presets.find((p) => p.id === id);
      this.set(preset.values);
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
      if (this.embed || this.loading) return;
      this.loading = true;
      this.figure.dataset.state = "loading";
      loadLibrary().then((embed) => this.start(embed)).catch(() => {
        this.embed = null;
        this.figure.dataset.state = "failed";
        this.say("The charts could not be loaded, so this figure shows its start values; move a control to try again.");
      }).finally(() => { this.loading = false; });
    }

    async start(embed) {
      const signals = this.page.signals.map((s) => (s.name in this.state ? { ...s, value: this.state[s.name] } : s));
      this.model = await view_of(embed, document.createElement("div"), { signals, data: this.page.data }, { renderer: "none" });
      await this.draw(embed);
      this.embed = embed; // from here on moves go straight to the model; earlier ones are in the state
      this.showControls();
      this.update();
    }

    isNarrow() { return this.figure.querySelector(".ja-panels").clientWidth < NARROW_BELOW; }

    rows(name) {
      // Plain copies: a row belongs to one view.
      return this.model.data(name).map((row) => Object.fromEntries(Object.entries(row)));
    }

    async draw(embed) {
      this.views.forEach((view) => view.finalize());
      const views = [];
      for (const panel of this.page.panels) {
        const chart = this.figure.querySelector(`[data-panel="${panel.name}"] .ja-chart`);
        const names = panel.vega.data.map((d) => d.name).filter((n) => this.page.data.some((d) => d.name === n));
        const spec = {
          ...panel.vega,
          data: panel.vega.data.map((d) => (names.includes(d.name) ? { ...d, values: this.rows(d.name) } : d)),
        };
        if (panel.wide && this.isNarrow()) spec.width = NARROW;
        const holder = document.createElement("div");
        holder.className = "ja-live";
        const view = await view_of(embed, holder, spec, {
          renderer: "svg", hover: true, tooltip: (handler, event, item, value) => this.tooltip(chart, event, value),
        });
        view.tables = names;
        if (this.page.hover) this.follow(view);
        // The drawing fills the place of its still and scales with the page.
        const svg = holder.querySelector("svg");
        svg.setAttribute("aria-hidden", "true");
        svg.setAttribute("focusable", "false");
        chart.querySelectorAll(".ja-live").forEach((old) => old.remove());
        chart.append(holder);
        views.push(view);
      }
      this.views = views;
    }

    // Read-outs follow at once; the drawing follows with the screen's next frame, however fast the moves.
    update() {
      this.compute();
      this.frame = this.frame || requestAnimationFrame(() => { this.frame = null; this.paint(); });
    }

    compute() {
      const state = { ...this.state };
      if (this.hovered !== null) state[this.page.hover[0]] = this.hovered;
      for (const [name, value] of Object.entries(state)) this.model.signal(name, value);
      this.model.run();
      for (const { name, digits } of this.page.readouts) {
        const output = this.figure.querySelector(`output[name="${name}"]`);
        const value = this.model.signal(name);
        const missing = value === null || value === undefined || Number.isNaN(value);
        output.dataset.value = missing ? "" : String(value);
        output.textContent = shown(value, digits);
      }
      this.figure.dataset.state = "live";
    }

    paint() {
      for (const view of this.views) {
        view.tables.forEach((name) => view.data(name, this.rows(name)));
        view.run();
      }
      this.showTable();
      this.announce();
    }

    showTable() {
      const { table } = this.page, body = this.figure.querySelector(".ja-data tbody");
      if (!table || !body) return;
      body.replaceChildren(...this.rows(table.data).map((row) => {
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
      for (const [name, control] of this.controls) {
        url.searchParams.delete(this.key_of(name));
        if (this.state[name] !== this.page.start[name]) url.searchParams.set(this.key_of(name), this.state[name]);
      }
      url.hash = this.figure.id;
      return url;
    }

    // The address follows the controls by replacing itself: one entry in the history, however many moves.
    writeAddress() {
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
      for (const row of this.rows(table.data)) lines.push(table.columns.map((c) => quote(row[c.field])).join(","));
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

  const begin = () => document.querySelectorAll("figure.explorer").forEach((figure) => {
    if (!figure.explorer) figure.explorer = new Explorer(figure);
  });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin); else begin();
})();
