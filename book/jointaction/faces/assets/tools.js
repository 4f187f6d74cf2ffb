/* What a reader asks of a figure now and then: a scenario pinned to compare, a QR code, a picture, a table, a frame,
   a citation. Fetched at the first such request, so that no page carries it. */
(function () {
  "use strict";

  const { shown } = window.jointaction;
  const SVG = "http://www.w3.org/2000/svg";

  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  // A file the reader keeps: made on the spot, so that it works from a folder as from a server.
  function save(name, blob) {
    const link = make("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  const unitOf = ({ unit }) => (unit ? `${/^\d/.test(unit) ? " ×" : ""} ${unit}` : "");

  // A scenario to compare with -------------------------------------------------------------------------------

  const GHOSTS = new Set(["line", "area", "symbol", "rule", "rect"]);
  const gray = (value) => ({ value });

  class Pin {
    constructor(figure) {
      this.figure = figure;
      this.state = { ...figure.state };
      this.values = new Map(figure.page.readouts.map(({ name }) => [name, figure.source.value(name)]));
      const names = new Set(figure.page.panels.flatMap((panel) => panel.vega.data.map((d) => d.name)));
      this.tables = new Map([...names].filter((name) => figure.source.has(name)).map((name) => [name, figure.source.rows(name)]));
      this.lines = figure.outputs.flatMap((readout) => [readout.output, readout.again].filter(Boolean).map((beside) => {
        const line = make("small", { className: "ja-versus" });
        beside.after(line);
        return { readout, line };
      }));
      this.note = make("p", { className: "ja-pinned" });
      figure.figure.querySelector(".ja-actions").after(this.note);
      this.note.textContent = `Pinned, gray in the charts: ${figure.settings(this.state) || "the start values"}.`;
      this.compare();
    }

    // How a read-out stands to the pinned one, in words, and by how much where both are numbers.
    versus({ name, digits, unit }) {
      const now = this.figure.source.value(name), was = this.values.get(name);
      if (!Number.isFinite(now) || !Number.isFinite(was)) {
        return [Object.is(now, was) ? "as pinned" : `pinned: ${shown(was, digits)}`];
      }
      const by = now - was;
      const sign = new Intl.NumberFormat("en-US", { minimumFractionDigits: digits || 0, maximumFractionDigits: digits ?? 3, signDisplay: "exceptZero" });
      const points = /^percent/.test(unit) ? " points" : "";
      return [`${sign.format(by).replace("-", "−")}${points} from ${shown(was, digits)}`, by];
    }

    compare() {
      for (const { readout, line } of this.lines) {
        const [text, by] = this.versus(readout);
        if (line.textContent !== text) line.textContent = text;
        if (by === undefined) delete line.dataset.value; else line.dataset.value = by;
      }
    }

    words(readout) { return `${unitOf(readout)}, ${this.versus(readout)[0]}`.trimStart(); }

    // The marks of the pinned scenario in a panel's specification: gray, behind today's. Bars are outlines before
    // today's, since a bar would hide a shorter one. What does not move, such as a map's tile, has no ghost.
    ghost(spec) {
      const named = new Map(); // today's table → the pinned one
      for (const { name, source } of spec.data) {
        if (this.tables.has(name) || named.has(source)) named.set(name, `pinned_${name}`);
      }
      const scales = new Map(spec.scales.map((scale) => [scale.name, scale.type]));
      const behind = [], before = [];
      for (const mark of spec.marks) {
        const facet = mark.from && mark.from.facet, inner = facet && mark.marks.length === 1 ? mark.marks[0] : mark;
        const data = named.get(facet ? facet.data : mark.from && mark.from.data);
        if (!data || !GHOSTS.has(inner.type)) continue;
        const at = inner.encode.update;
        if (["x", "y"].every((axis) => at[axis] && scales.get([at[axis]].flat().at(-1).scale) === "band")) continue;
        const ghost = this.grayed(inner);
        if (!facet) ghost.from = { data };
        (inner.type === "rect" ? before : behind).push(facet
          ? { ...mark, name: `pinned_${mark.name}`, from: { facet: { ...facet, data, name: `pinned_${facet.name}` } }, marks: [{ ...ghost, from: { data: `pinned_${facet.name}` } }] }
          : ghost);
      }
      if (!behind.length && !before.length) return;
      const twins = spec.data.filter(({ name }) => named.has(name)).map((table) => ({
        ...table, name: named.get(table.name),
        ...(this.tables.has(table.name) ? { values: this.tables.get(table.name) } : { source: named.get(table.source) }),
      }));
      spec.data = [...spec.data, ...twins];
      spec.marks = [...behind, ...spec.marks, ...before];
      spec.scales = spec.scales.map((scale) => this.widened(scale, named));
    }

    grayed(mark) {
      const update = { ...mark.encode.update }, color = gray("var(--ja-line)");
      for (const key of ["tooltip", "href", "cursor", "description"]) delete update[key];
      if (mark.type === "rect") Object.assign(update, { fill: gray("transparent"), stroke: color, strokeWidth: gray(1.5), strokeDash: gray([3, 2]), opacity: gray(1) });
      else {
        for (const key of ["fill", "stroke"]) if (update[key] && update[key].value !== "transparent") update[key] = color;
        if (mark.type === "line") update.strokeWidth = gray(4);
        update.opacity = gray(mark.type === "area" ? 0.25 : 0.6);
      }
      return { ...mark, name: `pinned_${mark.name}`, style: [...[mark.style || []].flat(), "pinned"], interactive: false, encode: { update } };
    }

    // An axis of numbers has room for both scenarios.
    widened(scale, named) {
      const { domain } = scale;
      if (!["linear", "log", "pow", "sqrt", "symlog", "time", "utc"].includes(scale.type) || !domain || Array.isArray(domain) || domain.signal) return scale;
      const fields = domain.fields || [domain];
      const twins = fields.filter((f) => named.has(f.data)).map((f) => ({ ...f, data: named.get(f.data) }));
      return twins.length ? { ...scale, domain: { ...(domain.fields ? domain : {}), fields: [...fields, ...twins] } } : scale;
    }

    remove() {
      this.note.remove();
      this.lines.forEach(({ line }) => line.remove());
    }
  }

  // The present scenario, or the one with these settings, which an address named.
  function pin(figure, settings) {
    figure.whenLive(() => {
      const button = figure.figure.querySelector('[data-action="pin"]'), place = () => button.getBoundingClientRect().top;
      const before = place();
      if (figure.pinned) {
        figure.pinned.remove();
        figure.pinned = null;
      } else {
        const now = { ...figure.state };
        if (settings) { figure.state = settings; figure.source.ask(settings, null); }
        figure.pinned = new Pin(figure);
        if (settings) { figure.state = now; figure.source.ask(now, null); }
      }
      figure.figure.classList.toggle("ja-versed", Boolean(figure.pinned));
      button.setAttribute("aria-pressed", String(Boolean(figure.pinned)));
      figure.writeAddress();
      if (figure.presenting) figure.drawCharts(); else figure.draw();
      figure.paint();
      if (!settings) scrollBy(0, place() - before); // the button stays under the finger
    });
  }

  // A code to scan from the last row ---------------------------------------------------------------------------

  function qrCode(figure) {
    const address = figure.link(), code = window.jointactionQR.generate(address);
    let path = "";
    for (let y = 0; y < code.size; y += 1) for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) path += `M${x} ${y}h1v1h-1z`;
    const drawn = document.createElementNS(SVG, "svg"), squares = document.createElementNS(SVG, "path");
    squares.setAttribute("d", path);
    const room = { viewBox: `-4 -4 ${code.size + 8} ${code.size + 8}`, role: "img", "aria-label": "QR code of the address below", "shape-rendering": "crispEdges" };
    for (const [name, value] of Object.entries(room)) drawn.setAttribute(name, value);
    drawn.append(squares);
    const close = make("button", { type: "button", textContent: "Close" });
    const here = location.protocol === "file:" || ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
    const dialog = make("dialog", { className: "ja-qr" }, make("p", { className: "ja-qr-title", textContent: figure.page.title }), drawn,
      make("p", { className: "ja-qr-address", textContent: address }),
      ...(here ? [make("p", { textContent: "This address is on this computer only; other devices cannot open it." })] : []), close);
    dialog.setAttribute("aria-label", "QR code of this scenario");
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("keydown", (event) => event.stopPropagation()); // Escape closes the code, not the figure
    dialog.addEventListener("click", (event) => { event.stopPropagation(); if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("close", () => dialog.remove());
    figure.figure.append(dialog);
    dialog.showModal();
  }

  // What a file says of itself -----------------------------------------------------------------------------------

  function about(figure) {
    const { page } = figure, told = figure.settings();
    return [page.title, told ? `Settings: ${told}; all others at their start values` : "At its start values",
      ...(figure.pinned ? [figure.pinned.note.textContent] : []),
      ...(page.model ? ["A model, not an estimate"] : []),
      ...(page.sources.length ? [`Data: ${page.sources.join("; ")}`] : []),
      ...(figure.source.start ? [figure.link()] : [])];
  }

  // Lines of "#" say what the file is; a byte-order mark tells a spreadsheet that it is UTF-8.
  function csv(figure) {
    const { table } = figure.page;
    const quote = (v) => (v === null || v === undefined || Number.isNaN(v) ? "" : /[",\n]/.test(v) ? `"${String(v).replaceAll('"', '""')}"` : v);
    const lines = about(figure).map((line) => quote(`# ${line}`));
    lines.push(table.columns.map((c) => quote(c.label)).join(","));
    for (const row of figure.source.rows(table.data)) lines.push(table.columns.map((c) => quote(row[c.field])).join(","));
    return `\ufeff${lines.join("\r\n")}\r\n`;
  }

  const meta = (name, other) => (document.querySelector(`meta[name="citation_${name}"]`) || { content: other }).content;

  function citation(figure) {
    const author = meta("author", "The authors of the book"), book = meta("inbook_title", document.title), year = meta("publication_date", "");
    const told = figure.settings(), address = figure.source.start ? figure.link() : "";
    const title = `${figure.page.title} Figure with ${told ? `settings ${told}` : "its start values"}`.replace(/\?\s+Figure/, "? Figure");
    const day = new Date().toISOString().slice(0, 10);
    return `${author} (${year}). ${title}. In ${book}. ${address} (accessed ${day}).\n\n` +
      `@incollection{${figure.page.name}, author = {{${author}}}, title = {${title}}, booktitle = {${book}}, year = {${year}}, url = {${address}}, urldate = {${day}}}`;
  }

  // The page of the figure alone lies beside the site's own files.
  function frame(figure) {
    const alone = document.body.classList.contains("ja-alone") ? location.href.split(/[?#]/)[0] : new URL(`../../figures/${figure.page.name}.html`, window.jointaction.here).href;
    const title = figure.page.title.replaceAll('"', "&quot;");
    return `<iframe src="${figure.scenario(alone).href.replaceAll("&", "&amp;")}" title="${title}" width="100%" height="760" style="border:0" loading="lazy" allow="fullscreen"></iframe>`;
  }

  // A picture for a slide ------------------------------------------------------------------------------------------

  const WIDTH = 1280, HEIGHT = 720, PAD = 24;
  const FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

  // The whole figure as SVG on a light ground: title, read-outs, all charts, then what it is and where it comes from.
  async function picture(figure) {
    const { page } = figure;
    const probe = make("span", { className: "ja-light" });
    figure.figure.append(probe);
    const style = getComputedStyle(probe), color = (name) => style.getPropertyValue(`--ja-${name}`).trim();
    const escape = (text) => text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);
    const measure = document.createElement("canvas").getContext("2d"), parts = [];
    let y = PAD;
    const lines = (text, size, weight = 400, width = WIDTH - 2 * PAD) => {
      measure.font = `${weight} ${size}px ${FONT}`;
      return text.split(" ").reduce((told, word) => {
        const longer = `${told.at(-1)} ${word}`.trim();
        return measure.measureText(longer).width > width ? [...told, word] : [...told.slice(0, -1), longer];
      }, [""]);
    };
    const words = (text, x, at, size, weight, ink = "ink") => `<text x="${x}" y="${at}" font-family="${FONT}" font-size="${size}" font-weight="${weight}" fill="${color(ink)}">${escape(text)}</text>`;
    const paragraph = (text, size, weight, ink) => {
      for (const line of lines(text, size, weight)) { y += size * 1.3; parts.push(words(line, PAD, y - size * 0.3, size, weight, ink)); }
    };

    paragraph(page.title, 28, 600);
    const lead = figure.outputs.filter(({ name }) => page.lead.readouts.includes(name));
    const told = lead.map((r) => `${r.label}: ${r.output.textContent}${figure.pinned ? ` ${figure.pinned.words(r)}` : unitOf(r)}`.replace(/:: /, ": "));
    if (told.length) paragraph(told.join("  ·  "), 18, 400);
    y += 8;
    const notes = about(figure).slice(1).filter((note) => !note.startsWith("file:")), book = meta("inbook_title", "");
    if (book) notes.splice(notes.at(-1).startsWith("http") ? -1 : notes.length, 0, `From “${book}”`);
    const abreast = page.panels.length > 3 ? Math.ceil(page.panels.length / 2) : Math.max(1, page.panels.length);
    const wide = (WIDTH - 2 * PAD) / abreast, titles = page.panels.map(({ name }) =>
      lines(figure.figure.querySelector(`[data-panel="${name}"] .ja-panel-title`).textContent, 16, 600, wide - 16));
    const head = 20 * Math.max(...titles.map((title) => title.length)) + 6;
    const room = HEIGHT - PAD - y - notes.reduce((sum, note) => sum + lines(note, 14).length, 0) * 14 * 1.3;
    const high = (room - 8) / Math.ceil(titles.length / abreast);
    const { charts, scale } = await fitted(figure, wide - 12, high - head - 6);
    charts.forEach((svg, i) => {
      const left = PAD + (i % abreast) * wide, top = y + Math.floor(i / abreast) * high;
      titles[i].forEach((line, at) => parts.push(words(line, left, top + 18 + 20 * at, 16, 600)));
      parts.push(svg.replace(/<svg ([^>]*?)width="([\d.]+)" height="([\d.]+)"/, (all, more, w, h) => `<svg x="${left}" y="${top + head}" ${more}width="${w * scale}" height="${h * scale}"`));
    });
    y += room;
    for (const note of notes) paragraph(note, 14, 400, "muted");
    const whole = `<svg xmlns="${SVG}" xmlns:xlink="http://www.w3.org/1999/xlink" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">` +
      `<title>${escape(page.title)}</title><rect width="100%" height="100%" fill="${color("paper")}"/>${parts.join("")}</svg>`;
    const colored = whole.replace(/var\((--[\w-]+)\)/g, (all, name) => style.getPropertyValue(name).trim() || all);
    probe.remove();
    return colored;
  }

  // The charts drawn for the room there is, with letters as large as leave each other free.
  async function fitted(figure, width, height) {
    for (const scale of [1.5, 1.35, 1.2, 1.1, 1]) {
      const drawn = await drawnAt(figure, scale, width, height);
      if (!drawn.crowded || scale === 1) return { charts: drawn.charts, scale };
    }
  }

  async function drawnAt(figure, scale, width, height) {
    const stage = make("div", { className: "ja-aside" }), charts = [];
    figure.figure.append(stage);
    let crowded = false;
    for (const panel of figure.page.panels) {
      const holder = make("div"), { spec } = figure.specification(panel);
      stage.append(holder);
      figure.fill(spec, holder, { width, height }, scale);
      const view = new figure.vega.View(figure.vega.parse(spec), { logLevel: figure.vega.Error, renderer: "svg", container: holder });
      await view.runAsync();
      await view.runAsync();
      crowded ||= touching(holder.querySelector("svg"));
      charts.push(await view.toSVG());
      view.finalize();
    }
    stage.remove();
    return { charts, crowded };
  }

  // Whether letters leave a drawing or stand on one another.
  function touching(svg) {
    const box = svg.getBoundingClientRect();
    const all = [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim() && text.getAttribute("opacity") !== "0").map((text) => text.getBoundingClientRect());
    return all.some((a, i) => a.left < box.left - 3 || a.right > box.right + 3 || a.bottom > box.bottom + 3 ||
      all.slice(i + 1).some((b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.4 * Math.min(a.height, b.height)));
  }

  async function png(svg) {
    const image = new Image(WIDTH, HEIGHT), source = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    image.src = source;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: 2 * WIDTH, height: 2 * HEIGHT });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(source);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  }

  window.jointactionTools = {
    pin,
    "qr-code": qrCode,
    embed: (figure) => figure.copy(frame(figure), "The code of a frame with this scenario is copied: paste it into a course page.", "Code of a frame with this scenario"),
    cite: (figure) => figure.copy(citation(figure), "Citation and BibTeX entry are copied.", "Citation and BibTeX entry"),
    "download-csv": (figure) => figure.whenLive(() => save(`${figure.page.name}.csv`, new Blob([csv(figure)], { type: "text/csv" }))),
    "download-svg": (figure) => figure.whenLive(async () => save(`${figure.page.name}.svg`, new Blob([await picture(figure)], { type: "image/svg+xml" }))),
    "download-png": (figure) => figure.whenLive(async () => save(`${figure.page.name}.png`, await png(await picture(figure)))),
  };
})();
