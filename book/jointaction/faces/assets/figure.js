/* The engine of every figure: draws, listens, announces and keeps the address. It asks a source for read-outs and
   rows. On a page the source is the figure's sheet, run by Vega; in a notebook it is Python.
   The charts library is fetched at the first sign of intent, never with the page. Until then, and if it cannot
   be fetched, the still figure stands. What is asked for now and then, such as a picture, is in tools.js. */
(function () {
  "use strict";

  const HERE = document.currentScript.src; // beside it lie the charts library and the tools of a page
  const NARROW = 330; // width of a wide panel where the figure is narrow, as in the still
  const NARROW_BELOW = 520;
  const READABLE = 18 / 11; // in front of a class, letters of 11 pixels have to be 18 at a height of 720
  const ON_SLIDE = 22 / 11; // and 22 on a slide, which shows less

  const fetched = new Map(); // file → promise of the name that it gives the window
  function fetchOnce(file, name) {
    if (window[name]) return Promise.resolve(window[name]);
    if (!fetched.has(file)) {
      const coming = new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = new URL(file, HERE).href;
        script.onload = () => (window[name] ? resolve(window[name]) : reject(new Error("empty")));
        script.onerror = () => reject(new Error("not loaded"));
        document.head.append(script);
      });
      coming.catch(() => fetched.delete(file)); // a later move tries again
      fetched.set(file, coming);
    }
    return fetched.get(file);
  }
  const charts = () => fetchOnce("charts.js", "jointactionVega");
  const tools = () => fetchOnce("tools.js", "jointactionTools");

  // What only a living figure needs lies beside the charts library, where the page names it.
  async function completed(page) {
    if (page.rest) Object.assign(page, await fetchOnce(`parts/${page.rest}.js`, page.rest), { rest: null });
  }

  // Errors only: a layer without rows would warn.
  const viewOf = (vega, spec, options) => new vega.View(vega.parse(spec), { logLevel: vega.Error, ...options });

  const formats = new Map(); // one for each count of digits: making one takes longer than using it
  function format(digits) {
    if (!formats.has(digits)) formats.set(digits, new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }));
    return formats.get(digits);
  }

  function shown(value, digits) {
    if (typeof value === "boolean") return value ? "yes" : "no";
    if (value === null || value === undefined || Number.isNaN(value)) return "not available";
    if (value === Infinity) return "no limit";
    if (value === -Infinity) return "no lower limit";
    if (digits === null || typeof value === "string") return String(value);
    return format(digits).format(value);
  }

  // What stands already is not written again: each writing costs a layout.
  const write = (element, text) => { if (element.textContent !== text) element.textContent = text; };

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
    rows(name) {
      const rows = this.view.data(name), columns = rows.length ? Object.keys(rows[0]) : [];
      return rows.map((row) => {
        const copy = {};
        for (const column of columns) copy[column] = row[column];
        return copy;
      });
    }

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
      this.deck = figure.classList.contains("ja-of-deck");
      this.table = figure.querySelector(".ja-data");
      this.outputs = page.readouts.map((readout) => ({
        ...readout,
        output: figure.querySelector(`output[name="${readout.name}"]`),
        again: figure.querySelector(`[data-again="${readout.name}"]`),
      }));
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

    input(name) {
      if (!this.inputs) this.inputs = new Map([...this.figure.querySelectorAll("[name]:not(output)")].map((input) => [input.name, input]));
      return this.inputs.get(name);
    }

    listen() {
      const { figure } = this, { signal } = this.stop;
      for (const sign of ["pointerenter", "touchstart", "focusin"]) {
        figure.addEventListener(sign, () => this.load(), { once: true, passive: true, signal });
      }
      figure.addEventListener("input", (event) => this.moved(event.target), { signal });
      figure.addEventListener("change", (event) => this.moved(event.target, true), { signal });
      figure.addEventListener("keydown", (event) => this.key(event), { signal });
      this.feelTouch(signal);
      figure.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (button && button.dataset.preset) this.preset(button.dataset.preset);
        if (button && button.dataset.action) { this.pressed = button; this.act(button.dataset.action); }
      }, { signal });
      this.table?.addEventListener("toggle", () => { if (this.tableIsOld) this.showTable(); }, { signal });
      document.addEventListener("fullscreenchange", () => {
        if (this.presenting && !this.onSlide && !document.fullscreenElement) this.present(false);
      }, { signal });
      let narrow = this.isNarrow();
      this.size = new ResizeObserver(() => {
        if (this.presenting) { if (this.vega) this.drawCharts(); return; }
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
      cancelAnimationFrame(this.frame);
      this.views.forEach((view) => view.finalize());
      this.views = [];
      this.source.close();
      this.page = this.vega = null; // whoever still holds the figure holds nothing large
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

    // A finger on a slider may be about to scroll. Until it moves sideways or lifts, nothing moves; when the
    // browser takes the gesture for a scroll, all stays as it was.
    feelTouch(signal) {
      let touch = null;
      this.figure.addEventListener("pointerdown", (event) => {
        this.dragging = event.target;
        const control = this.controls.get(event.target.name);
        if (event.pointerType === "touch" && control && control.kind === "range") {
          touch = { input: event.target, x: event.clientX };
          this.undecided = event.target;
        }
      }, { signal });
      const decide = () => {
        const { input } = touch;
        touch = this.undecided = null;
        this.moved(input);
      };
      this.figure.addEventListener("pointermove", (event) => {
        if (touch && Math.abs(event.clientX - touch.x) > 8) decide();
      }, { signal });
      addEventListener("pointerup", () => { if (touch) decide(); this.dragging = null; }, { signal });
      addEventListener("pointercancel", () => {
        if (touch) { touch = this.undecided = null; this.showControls(); }
        this.dragging = null;
      }, { signal });
    }

    moved(input, settled) {
      if (input.classList.contains("ja-number")) { if (settled) this.typed(input); return; }
      const control = this.controls.get(input.name);
      if (!control || input.tagName === "OUTPUT" || this.undecided === input) return;
      let value = this.readControl(input.name);
      if (control.kind === "range" && this.dragging === input) value = this.snap(control, value);
      if (value === this.state[input.name] && this.figure.dataset.state !== "failed") return;
      this.set({ [input.name]: value });
    }

    // A number that the reader typed: any value in the range, to the last digit.
    typed(input) {
      const control = this.controls.get(input.dataset.for), value = input.value.trim() === "" ? NaN : Number(input.value);
      if (!Number.isFinite(value)) { this.showControls(); this.say(`${control.label} is a number from ${control.low} to ${control.high}.`); return; }
      const near = Math.min(control.high, Math.max(control.low, value));
      this.set({ [control.name]: near });
      if (near !== value) this.say(`${control.label} goes from ${control.low} to ${control.high}, so ${value} became ${near}.`);
    }

    // Dragging and arrow keys move in steps; an address or a program may set any value in between.
    snap(control, value) {
      const steps = Math.round((value - control.low) / control.step);
      const near = Number((control.low + steps * control.step).toPrecision(12));
      return Math.min(control.high, Math.max(control.low, near));
    }

    // What is open closes, the newest first, and the focus goes back to what opened it.
    escape(event) {
      const fold = event.target.closest(".ja-help[open]") || this.figure.querySelector(".ja-keep[open]");
      if (this.status && this.status.querySelector("textarea")) {
        this.say("");
        this.pressed.focus();
      } else if (fold) {
        fold.open = false;
        fold.querySelector("summary").focus();
      } else if (this.presenting && !this.onSlide) this.present(false);
    }

    key(event) {
      if (event.key === "Escape") { this.escape(event); return; }
      if (event.target.classList.contains("ja-number")) {
        event.stopPropagation();
        if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
        const control = this.controls.get(event.target.dataset.for);
        event.preventDefault();
        this.set({ [control.name]: this.snap(control, this.state[control.name] + (event.key === "ArrowUp" ? 1 : -1) * control.step) });
        return;
      }
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
        else if (input.value !== String(value) && this.undecided !== input) input.value = value;
        if (control.kind === "range") {
          // At least the usual decimals, more where an address asks for more.
          const own = (String(value).split(".")[1] || "").length;
          const text = value.toFixed(Math.min(4, Math.max(control.digits, own)));
          this.figure.querySelector(`[data-for="${name}"]`).value = text;
          input.setAttribute("aria-valuetext", control.unit ? `${text} ${control.unit}` : text);
        }
      }
      for (const button of this.figure.querySelectorAll("[data-preset]")) {
        const values = this.page.presets.find((p) => p.id === button.dataset.preset).values;
        const on = Object.keys(values).every((name) => values[name] === this.state[name]);
        button.setAttribute("aria-pressed", String(on));
      }
      this.noteSettings();
    }

    // The settings in words, for paper, files and citations: what differs from the start values.
    settings(state = this.state, start = this.page.start, unsaid = []) {
      const told = [];
      for (const [name, control] of this.controls) {
        const value = state[name];
        if (value === start[name] || unsaid.includes(name)) continue;
        const text = control.kind === "choice" ? (control.options.find(([v]) => v === value) || [value, value])[1]
          : control.kind === "switch" ? (value ? "yes" : "no") : String(value);
        told.push(`${control.label}: ${text}`);
      }
      return told.join("; ");
    }

    noteSettings() {
      const set = this.figure.querySelector(".ja-set");
      if (set) write(set, this.settings(this.state, this.defaults(), [this.page.lead.control, (this.page.hover || [])[0]]));
      const note = this.figure.querySelector(".ja-print-note"), told = this.settings();
      if (note) write(note, told ? `This is the figure with these settings: ${told}. All others are at their start values.`
        : "This is the figure at its start values.");
    }

    // Drawing -------------------------------------------------------------------------------------------

    load() {
      if (this.vega || this.loading) return;
      this.loading = true;
      this.figure.dataset.state = "loading";
      Promise.all([charts(), completed(this.page)]).then(([vega]) => { if (this.page) this.start(vega); }).catch(() => {
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
        const { spec, tables } = this.specification(panel);
        if (panel.wide && this.isNarrow()) spec.width = panel.narrow || NARROW;
        if (this.presenting) this.fill(spec, chart);
        const holder = document.createElement("div");
        holder.className = "ja-live";
        const view = viewOf(this.vega, spec, { renderer: "svg", container: holder, hover: true });
        view.tooltip((handler, event, item, value) => this.tooltip(chart, event, value));
        view.run();
        view.tables = tables;
        view.chart = chart;
        if (this.page.hover) this.follow(view);
        const svg = holder.querySelector("svg");
        svg.setAttribute("aria-hidden", "true");
        svg.setAttribute("focusable", "false");
        chart.querySelectorAll(".ja-live").forEach((old) => old.remove());
        chart.classList.add("ja-drawn");
        chart.append(holder);
        this.settle(view);
        return view;
      });
      this.stale.clear();
    }

    // What Vega draws in a panel now: today's rows and, where a scenario is pinned, its ghost.
    specification(panel) {
      const names = panel.vega.data.map((d) => d.name).filter((name) => this.source.has(name));
      const tables = new Map(names.map((name) => [name, this.source.rows(name)]));
      const spec = { ...panel.vega, data: panel.vega.data.map((d) => (tables.has(d.name) ? { ...d, values: tables.get(d.name) } : d)) };
      if (this.pinned) this.pinned.ghost(spec);
      return { spec, tables };
    }

    // A drawing takes the place of its still to the pixel, and keeps it: the letters of two fonts differ, the plot
    // must not jump. Vega sizes its drawing anew after a move, a little later, so its viewBox is watched.
    settle(view) {
      if (this.presenting) return;
      const frame = (svg) => {
        const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
        const [x, y] = /translate\(([^)]*)\)/.exec(svg.querySelector("g").getAttribute("transform"))[1].split(",").map(Number);
        return { width, height, x, y };
      };
      const svg = view.container().querySelector("svg");
      const still = [...view.chart.querySelectorAll(".ja-still svg")].find((drawn) => drawn.getBoundingClientRect().width);
      let place = still && frame(still);
      const keep = () => {
        if (!place) return;
        const { x, y } = frame(svg), box = `${x - place.x} ${y - place.y} ${place.width} ${place.height}`;
        if (svg.getAttribute("viewBox") !== box) svg.setAttribute("viewBox", box);
      };
      new MutationObserver(keep).observe(svg, { attributes: true, subtree: false, attributeFilter: ["viewBox"] });
      new MutationObserver(keep).observe(svg.querySelector("g"), { attributes: true, attributeFilter: ["transform"] });
      keep();
      // Without a still, as in a notebook, the place is that of the first drawing, once axes and legends have theirs.
      if (!place) view.runAsync().then(() => view.runAsync()).then(() => { place = frame(svg); keep(); });
    }

    // In front of a class a chart fills its place, with letters that the last row can read. The place on a slide is that
    // of its stage, which is scaled as a whole.
    fill(spec, chart, place = chart.getBoundingClientRect(), scale = READABLE * Math.min(innerHeight / 720, innerWidth / 1100)) {
      if (this.onSlide) [place, scale] = [{ width: chart.clientWidth, height: chart.clientHeight }, ON_SLIDE];
      spec.width = Math.max(60, place.width / scale);
      spec.height = Math.max(60, place.height / scale);
      spec.autosize = { type: "fit", contains: "padding" };
      const font = getComputedStyle(chart).fontFamily;
      const wide = (text, fontSize) => this.vega.textMetrics.width({ font, fontSize }, text);
      const lines = (title, room) => title.split(" ").reduce((told, word) => {
        const longer = `${told.at(-1)} ${word}`.trim();
        return wide(longer, 12) > room ? [...told, word] : [...told.slice(0, -1), longer];
      }, [""]).filter(Boolean);
      const named = new Set((spec.scales || []).filter(({ type }) => ["band", "point"].includes(type)).map(({ name }) => name));
      spec.axes = (spec.axes || []).map((axis) => {
        const room = axis.orient === "left" ? spec.height - 110 : spec.width - 70;
        const rows = !this.onSlide ? { labelSeparation: 8 } : axis.orient === "left"
          ? { labelOverlap: true, labelSeparation: 0, ...(named.has(axis.scale) ? { labelPadding: 22 } : {}) } : { labelOverlap: true, labelSeparation: 8 };
        return { ...axis, ...rows, ...(typeof axis.title === "string" ? { title: lines(axis.title, Math.max(80, room)) } : {}) };
      });
      this.fitLegends(spec, wide);
    }

    // As many entries abreast as there is room for; several legends one under the other where they do not fit abreast.
    fitLegends(spec, wide) {
      const domains = new Map((spec.scales || []).map((scale) => [scale.name, scale.domain]));
      // What stands left of the plot, where a legend does not begin.
      const beside = Math.max(0, ...(spec.axes || []).filter((axis) => axis.orient === "left" && axis.labels !== false).map((axis) => {
        const labels = domains.get(axis.scale);
        return Array.isArray(labels) && typeof labels[0] === "string" ? Math.max(...labels.map((label) => wide(label, 11))) + 15 : 40;
      }));
      const all = (spec.legends || []).map((legend) => {
        const labels = legend.values || domains.get(legend.fill || legend.stroke || legend.shape);
        const { legendX, legendY, ...rest } = legend; // a place chosen for another size
        if (!Array.isArray(labels)) return { legend: rest, width: 0 };
        const entry = Math.max(...labels.map((label) => wide(String(label), 11))) + 36;
        const columns = Math.max(1, Math.min(labels.length, Math.floor((spec.width - beside - 10) / entry)));
        return { legend: { ...rest, columns, columnPadding: 10, ...(rest.orient === "none" ? { orient: "bottom" } : {}) }, width: columns * entry };
      });
      spec.legends = all.map(({ legend }) => legend);
      if (all.length > 1) {
        const config = spec.config || {}, legend = config.legend || {};
        spec.config = { ...config, legend: { ...legend, layout: { ...legend.layout, bottom: { direction: "vertical", anchor: "start" } } } };
      }
    }

    // Beside the lead chart one other is shown, if there is room for letters of that size, or else one chart at a
    // time; a button goes on to the next.
    showCharts(step) {
      const panels = [...this.figure.querySelectorAll(".ja-panel")], actions = this.figure.querySelector(".ja-actions");
      const first = this.pair ? 1 : 0, count = panels.length - first;
      this.turn = count > 0 ? ((this.turn || 0) + step) % count : 0;
      panels.forEach((panel, i) => panel.classList.toggle("ja-shown", i === this.turn + first || (this.pair && i === 0)));
      this.figure.querySelector(".ja-charts").classList.toggle("ja-pair", this.pair && count > 0);
      const button = actions.querySelector('[data-action="next-chart"]');
      const wanted = this.presenting && count > 1;
      if (!wanted && button) button.remove();
      if (wanted && !button) {
        const next = document.createElement("button");
        Object.assign(next, { type: "button", textContent: "Next chart" });
        next.dataset.action = "next-chart";
        actions.prepend(next);
      }
    }

    // Whether a letter of the two charts leaves its chart, or on a slide stands on another.
    crowded() {
      return [...this.figure.querySelectorAll(".ja-shown .ja-chart")].some((chart) => {
        const box = chart.getBoundingClientRect();
        const texts = [...chart.querySelectorAll(".ja-live text")].filter((text) => text.textContent.trim() && text.getAttribute("opacity") !== "0")
          .map((text) => text.getBoundingClientRect()).filter(({ width }) => width);
        return texts.some((a, i) => a.left < box.left - 6 || a.right > box.right + 6 || (this.onSlide && texts.slice(i + 1).some((b) =>
          Math.min(a.right, b.right) - Math.max(a.left, b.left) > 3 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.4 * a.height)));
      });
    }

    async drawCharts(step = null) {
      if (step === null) this.pair = this.onSlide || matchMedia("(min-width: 1100px) and (min-height: 640px)").matches;
      this.showCharts(step || 0);
      if (this.onSlide) this.fitLead();
      this.draw();
      if (!this.pair) return;
      await Promise.all(this.views.map((view) => view.runAsync()));
      if (!this.page || !this.presenting || !this.pair || !this.crowded()) return;
      this.pair = false;
      this.showCharts(0);
      this.draw();
    }

    fitLead() {
      const { figure } = this, stage = figure.querySelector(".ja-stage"), lead = figure.querySelector(".ja-lead");
      const bottom = (part) => part.getBoundingClientRect().bottom;
      figure.classList.remove("ja-rows");
      if (lead) figure.classList.toggle("ja-rows", bottom(lead) > bottom(stage));
    }

    // On a slide, once it is shown: as in front of a class, in its own place.
    project() {
      this.presenting = this.onSlide = true;
      this.whenLive(() => { this.drawCharts(); this.paint(); });
    }

    present(on) {
      const { figure } = this;
      this.presenting = on;
      figure.classList.toggle("ja-present", on);
      document.documentElement.classList.toggle("ja-presenting", on);
      const button = figure.querySelector('[data-action="present"]');
      if (button) button.textContent = on ? "Leave" : "Present";
      this.pair = false;
      this.turn = 0;
      this.showCharts(0);
      if (on && figure.requestFullscreen && navigator.userActivation && navigator.userActivation.isActive) {
        figure.requestFullscreen().catch(() => {}); // where it is refused, the figure fills its window
      }
      if (!on && document.fullscreenElement === figure) document.exitFullscreen();
      const lead = this.input(this.page.lead.control);
      if (lead) lead.focus({ preventScroll: !on });
      this.whenLive(() => { if (this.presenting) this.drawCharts(); else this.draw(); this.paint(); });
    }

    // Read-outs follow at once; the drawing follows with the screen's next frame, however fast the moves.
    update() { this.source.ask(this.state, this.hovered); }

    answered({ changed, note, error }) {
      if (!this.page) return; // an answer that comes after the figure was closed
      if (changed) changed.forEach((name) => this.stale.add(name));
      if (note !== undefined) this.remark(note, error);
      for (const { name, digits, output, again } of this.outputs) {
        const value = error ? null : this.source.value(name);
        const missing = value === null || value === undefined || Number.isNaN(value);
        const text = error ? "—" : shown(value, digits);
        output.dataset.value = missing ? "" : String(value);
        write(output, text);
        if (again) write(again, text);
      }
      if (this.pinned) this.pinned.compare();
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
      const stale = this.stale, drawing = [];
      this.stale = new Set();
      for (const view of this.views) {
        const changed = [...view.tables.keys()].filter((name) => stale.has(name) && this.refill(view, name));
        if (changed.length) drawing.push(view.runAsync());
      }
      if (this.table && stale.has(this.page.table.data)) this.tableIsOld = true;
      if (this.tableIsOld && this.table.open) this.showTable();
      this.showFollowed();
      this.announce();
      Promise.all(drawing).then(() => this.figure.dispatchEvent(new CustomEvent("ja-painted")));
    }

    // Give a view what is new in a table; whether anything was. As long as no row comes or goes, Vega hears of single
    // values, and draws anew what depends on them only.
    refill(view, name) {
      const old = view.tables.get(name), rows = this.source.rows(name);
      if (old.length !== rows.length) {
        view.tables.set(name, rows);
        view.data(name, rows);
        return true;
      }
      const changes = this.vega.changeset();
      let any = false;
      rows.forEach((row, i) => {
        for (const column in row) {
          if (Object.is(row[column], old[i][column])) continue;
          changes.modify(old[i], column, row[column]);
          any = true;
        }
      });
      if (any) view.change(name, changes);
      return any;
    }

    showTable() {
      this.tableIsOld = false;
      const { table } = this.page, body = this.table.querySelector("tbody"), rows = this.source.rows(table.data);
      while (body.rows.length > rows.length) body.lastElementChild.remove();
      rows.forEach((row, at) => {
        const tr = body.rows[at] || body.insertRow();
        table.columns.forEach((column, i) => {
          let cell = tr.cells[i];
          if (!cell) {
            cell = document.createElement(i ? "td" : "th");
            if (!i) cell.scope = "row";
            if (column.digits !== null) cell.className = "number";
            tr.append(cell);
          }
          write(cell, shown(row[column.field], column.digits));
        });
      });
    }

    // The row that the reader follows or points at, in words.
    showFollowed() {
      const line = this.figure.querySelector(".ja-followed");
      if (!line) return;
      const [control, column] = this.page.hover, { table } = this.page;
      const wanted = this.hovered === null ? this.state[control] : this.hovered;
      const row = wanted && this.source.has(table.data) && this.source.rows(table.data).find((r) => r[column] === wanted);
      const columns = this.onSlide ? table.columns.slice(0, 3) : table.columns;
      write(line, row ? columns.map((c) => (c.field === column ? wanted : `${c.label}: ${shown(row[c.field], c.digits)}`)).join(" · ") : "");
    }

    // Once the reader pauses: a quiet sentence for screen readers, and the table while it is folded.
    announce() {
      clearTimeout(this.pause);
      this.pause = setTimeout(() => {
        if (this.tableIsOld) this.showTable();
        const versus = (readout) => (this.pinned ? ` ${this.pinned.words(readout)}` : "");
        const texts = this.outputs.slice(0, 4).map((readout) => `${readout.label}: ${readout.output.textContent}${versus(readout)}`);
        const spoken = this.figure.querySelector('.ja-spoken[role="status"]');
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
      const box = chart.getBoundingClientRect(), scale = box.width / chart.offsetWidth; // a deck is scaled as a whole
      const left = Math.min((event.clientX - box.left) / scale + 12, chart.offsetWidth - tip.offsetWidth);
      tip.style.left = `${Math.max(0, left)}px`;
      tip.style.top = `${(event.clientY - box.top) / scale + 14}px`;
    }

    // Address -------------------------------------------------------------------------------------------

    // A link names what differs from the book's own start values, and their version, so that it stays short and
    // says so when these have changed since: ?figure=version,control:value,pin,control:value. After "pin" comes the
    // scenario that is pinned. Links of earlier books name each control as figure.control=value.
    readAddress() {
      if (this.deck) return false; // its address names a slide
      const query = new URLSearchParams(location.search), notes = [], prefix = `${this.page.name}.`;
      const [version, ...items] = (query.get(this.page.name) || "").split(/,(?=\w+:|pin(?:,|$))/); // a choice may have a comma
      const at = items.indexOf("pin"), parted = (item) => [item.split(":", 1)[0], item.slice(item.indexOf(":") + 1)];
      const settings = (at < 0 ? items : items.slice(0, at)).map(parted);
      for (const [key, text] of query) if (key.startsWith(prefix)) settings.push([key.slice(prefix.length), text]);
      const found = query.has(this.page.name) || settings.length > 0;
      if (query.has(this.page.name)) {
        Object.assign(this.state, this.defaults());
        if (version !== this.page.version) notes.push("The start values of this figure have changed since the link was made, so what it does not name may differ.");
      }
      this.readSettings(this.state, settings, notes);
      if (at >= 0) {
        const pinned = this.defaults();
        this.readSettings(pinned, items.slice(at + 1).map(parted), notes);
        this.whenLive(() => this.useTools((all) => all.pin(this, pinned)));
      }
      if (found) {
        this.showControls();
        this.say(notes.join(" "));
        if (!location.hash && !document.body.classList.contains("ja-alone")) this.figure.scrollIntoView();
      }
      if (query.get("present") === this.page.name) { this.present(true); return true; }
      return found;
    }

    defaults() { return Object.fromEntries([...this.controls].map(([name, control]) => [name, control.default])); }

    readSettings(state, settings, notes) {
      for (const [name, text] of settings) {
        const control = this.controls.get(name);
        if (control) this.readSetting(state, control, text, notes);
        else notes.push(`The address names a control “${name}” that this figure does not have; it is ignored.`);
      }
    }

    readSetting(state, control, text, notes) {
      if (control.kind === "range") {
        const value = text.trim() === "" ? NaN : Number(text);
        if (!Number.isFinite(value)) { notes.push(`${control.label} is a number, so “${text}” in the address is ignored.`); return; }
        const near = Math.min(control.high, Math.max(control.low, value));
        if (near !== value) notes.push(`${control.label} goes from ${control.low} to ${control.high}, so ${text} in the address became ${near}.`);
        state[control.name] = near;
      } else if (control.kind === "switch") {
        if (!["true", "false"].includes(text)) { notes.push(`${control.label} is true or false, so “${text}” in the address is ignored.`); return; }
        state[control.name] = text === "true";
      } else if (control.options.some(([value]) => value === text)) {
        state[control.name] = text;
      } else {
        notes.push(`${control.label} has no choice “${text}”; the address’s value is ignored.`);
      }
    }

    // The address of this scenario on the given page.
    scenario(base) {
      const url = new URL(base), { name, version } = this.page;
      const others = url.search.slice(1).split("&").filter((part) => part && !/^present=/.test(part) && ![".", "="].some((next) => part.startsWith(name + next)));
      const told = (state) => [...this.controls.values()].filter((c) => state[c.name] !== c.default)
        .map((c) => `${c.name}:${encodeURIComponent(state[c.name]).replaceAll("%20", "+")}`);
      const now = told(this.state), pinned = this.pinned ? ["pin", ...told(this.pinned.state)] : [];
      const started = [...this.controls.values()].some((c) => this.page.start[c.name] !== c.default);
      if (now.length || pinned.length || started) others.push(`${name}=${[version, ...now, ...pinned]}`);
      url.search = others.join("&");
      return url;
    }

    // The address follows the controls by replacing itself: one entry in the history, however many moves.
    writeAddress() {
      if (!this.source.start || this.deck) return; // a notebook's address is not ours, and a deck's names a slide
      clearTimeout(this.writing);
      this.writing = setTimeout(() => {
        const url = this.scenario(location.href);
        if (!document.body.classList.contains("ja-alone")) url.hash = this.figure.id;
        try { history.replaceState(history.state, "", url); } catch (error) { /* some browsers refuse on file:// or in a frame */ }
      }, 250);
    }

    // Buttons -------------------------------------------------------------------------------------------

    say(text) { if (this.status) write(this.status, text); }

    act(action) {
      if (action === "present") this.present(!this.presenting);
      else if (action === "next-chart") this.drawCharts(1);
      else if (action === "reset") this.set({ ...this.page.start });
      else if (action === "copy-link") this.copy(this.link(), "The link to this scenario is copied.", "Link to this scenario");
      else this.useTools((all) => all[action](this));
    }

    useTools(then) {
      tools().then((all) => { if (this.page) then(all); }, () => this.say("This could not be loaded; press again to try again."));
    }

    whenLive(then) {
      if (this.figure.dataset.state === "live") then();
      else { this.load(); const wait = setInterval(() => {
        if (this.page && this.figure.dataset.state === "loading") return;
        clearInterval(wait);
        if (this.figure.dataset.state === "live") then();
      }, 50); }
    }

    // A scenario finds its figure by itself; the bare figure needs its place on the page.
    link() {
      const url = this.scenario(new URL(this.figure.dataset.home || "", location.href.split(/[?#]/)[0]));
      if (!url.search && !document.body.classList.contains("ja-alone")) url.hash = `explorer-${this.page.name}`;
      return url.href;
    }

    async copy(text, done, label) {
      try {
        await navigator.clipboard.writeText(text);
        this.say(done);
      } catch (error) {
        // No clipboard here (a page opened from a folder, or a frame): show the text, ready to copy.
        const field = document.createElement("textarea");
        field.readOnly = true;
        field.value = text;
        field.rows = text.length > 200 ? 5 : 2;
        field.setAttribute("aria-label", label);
        this.status.replaceChildren("Copy this: ", field);
        field.focus();
        field.select();
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

  /* Predictions: kept for the visit only, and shown beside the answer. */
  const predicted = new Map();
  function recall(name) {
    try { return sessionStorage.getItem(`ja-predict-${name}`); } catch (error) { return predicted.get(name) || null; }
  }
  function keep(name, text) {
    predicted.set(name, text);
    try { sessionStorage.setItem(`ja-predict-${name}`, text); } catch (error) { /* a frame without storage: kept on this page */ }
  }
  // Six letters for a class to hand in, as Python makes them (faces/predict.py).
  function code(form, text) {
    const base = 23, options = [...form.querySelectorAll("input[type=radio]")].map((input) => input.value);
    const number = form.querySelector("input[type=number]");
    const answer = number ? Math.round((parseFloat(text) - number.min) / number.step) : options.indexOf(text);
    let question = 0;
    for (const letter of form.dataset.predict) question = (131 * question + letter.charCodeAt(0)) % base ** 2;
    const digits = [question, answer].flatMap((value) => [Math.floor(value / base), value % base]);
    digits.push(...[1, 2].map((power) => digits.reduce((sum, digit, i) => sum + (i + 1) ** power * digit, 0) % base));
    return digits.map((digit) => "ABCDEFGHJKLMNPQRTUVWXYZ"[digit]).join("");
  }
  function showPrediction(name) {
    const text = recall(name);
    if (text === null) return;
    for (const form of document.querySelectorAll(`form[data-predict="${name}"]`)) {
      form.querySelector("fieldset").disabled = true;
      form.querySelector("button").hidden = true;
      form.querySelector(".ja-predicted").textContent = `Your prediction: ${text}. The chapter answers further down. Code for a class: ${code(form, text)}`;
    }
    for (const mine of document.querySelectorAll(`div[data-predict="${name}"] .ja-yours`)) mine.textContent = text;
  }
  function readyPrediction(form) {
    const name = form.dataset.predict;
    form.querySelector("button").hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const value = new FormData(form).get(name);
      const unit = form.querySelector("input[type=number]") ? form.querySelector("label").lastChild.textContent.trim() : "";
      keep(name, unit ? `${value} ${unit}` : value);
      showPrediction(name);
    });
    showPrediction(name);
  }

  const mount = (figure, page, source) => {
    ownIds(figure);
    return (figure.explorer = new Figure(figure, page, source));
  };
  window.jointaction = { mount, shown, here: HERE };

  const begin = () => {
    for (const figure of document.querySelectorAll("figure.explorer")) {
      const payload = figure.querySelector(".ja-payload");
      if (figure.explorer || !payload) continue;
      const page = JSON.parse(payload.textContent);
      figure.explorer = new Figure(figure, page, new Sheet(page));
    }
    document.querySelectorAll("form.ja-predict").forEach(readyPrediction);
    document.querySelectorAll("div.ja-reveal").forEach((answer) => showPrediction(answer.dataset.predict));
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin); else begin();
})();
