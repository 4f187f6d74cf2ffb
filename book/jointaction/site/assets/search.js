// The search page. The words of all pages come in one script, asked for when somebody searches; each search reads all.
(() => {
  "use strict";
  const folder = document.currentScript.src;
  const form = document.querySelector("main form.bd-search");
  const status = document.getElementById("search-status");
  const list = document.getElementById("search-results");
  const SHOWN = 3; // places of a page before the rest is folded

  // ---- words

  // As typed without marks: no tones, no accents, no capitals. Each sign keeps its place, so that what is found can be
  // shown as written; "&" within a word and "." and "," within a number are part of it, all else divides words.
  const plain = (sign) => {
    const bare = sign.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    return bare.length === sign.length ? bare : sign;
  };
  const fold = (text) => text
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
    .replace(/[^\x00-\x7f]/gu, plain)
    .replace(/[^\p{L}\p{N}\p{M}&.,]+/gu, (signs) => " ".repeat(signs.length))
    .replace(/(?<!\p{L})&|&(?!\p{L})|(?<!\p{N})[.,]|\.(?!\p{N})|,(?!\p{N}{3}(?!\p{N}))/gu, " ");

  // A word ends at a space; Chinese has no such borders and is found anywhere.
  const WORD = "[^ \\p{Script=Han}]";
  const MATHS = /[ℎ\u{1d400}-\u{1d7ff}]/gu; // letters of formulas as a browser copies them
  const START = `(?<!${WORD})`, END = `(?!${WORD})`;

  // Other forms of an English word, as stems and the endings they may have; what only adds letters is found anyway.
  function inflected(word) {
    const forms = /[^s]s$/.test(word) ? [[word.slice(0, -1), ""]] : [];
    for (const endings of ["y|ies|ied", "e|es|s|ed|ing|"]) {
      const stem = word.replace(new RegExp(`(?:${endings})$`), "");
      if (stem.length > 3 && stem !== word) return [...forms, [stem, endings]];
    }
    return forms;
  }

  // What finds a word, or several that follow each other: a number as a whole, the last word also as a beginning.
  // Letters that all finds share let a search pass over most texts.
  function pattern(words) {
    const parts = fold(words.replace(MATHS, (sign) => sign.normalize("NFKC")).normalize("NFC")).match(/\p{Script=Han}+|[^ \p{Script=Han}]+/gu) || [];
    let shared = "";
    const share = (text) => { if (text.length > shared.length) shared = text; };
    const sources = parts.map((part, i) => {
      if (/\p{Script=Han}/u.test(part)) {
        share(part);
        return part;
      }
      if (/^[\d.,]+$/.test(part)) {
        const groups = part.replace(/,/g, "").split(".");
        share(groups[0].slice(-3));
        return `${START}${groups.map((digits, at) => [...digits].join(at ? "" : ",?")).join("\\.")}(?![.,]?\\d)`;
      }
      const typed = part.replace(/\./g, "\\.").replace(/([ln])v/g, "$1[uv]"); // lv is how ü is typed
      const forms = parts.length === 1 ? inflected(part) : [];
      share([part, ...forms.map(([stem]) => stem)].reduce((a, b) => (b.length < a.length ? b : a)).split(/(?<=[ln])v/)[0]);
      if (i < parts.length - 1) return START + typed + END;
      const others = forms.map(([stem, endings]) => `|${stem}(?:${endings})${END}`);
      return `${START}(?:${typed}${WORD}*${others.join("")})`;
    });
    return parts.length ? { typed: parts.join(" "), shared, regex: new RegExp(sources.join(" *"), "gu") } : null;
  }

  // ---- search

  let pages = null; // the texts once they are here

  function prepare(texts) {
    pages = texts.map(({ places, ...page }) => {
      const folded = places.map(([, heading, text]) => [fold(heading), fold(text)]);
      return {
        ...page,
        title: places[0][1],
        folded: folded.flat().join("\n"),
        places: places.map(([anchor, heading, text], i) => ({ anchor, heading, text, folded: folded[i], first: !i })),
      };
    });
  }

  // How well a place answers a word: in a title, a heading, the text; as typed before inflected.
  function weigh(place, { typed, shared, regex }) {
    let weight = 0;
    place.folded.forEach((text, i) => {
      if (!text.includes(shared)) return;
      let count = 0;
      for (const [match] of text.matchAll(regex)) count += match === typed ? 1 : 0.4;
      weight += (i ? 1 : place.first ? 8 : 3) * count / (count + 1);
    });
    return weight;
  }

  // Pages that hold all words, or else as many as any page does: chapters first, reference last.
  function search(query) {
    const words = (query.match(/["“][^"”]+["”]|\S+/g) || []).map(pattern).filter(Boolean);
    const phrase = words.length > 1 ? pattern(query) : null;
    const total = pages.reduce((sum, page) => sum + page.places.length, 0);
    const weights = words.map((word) => pages.map((page) => (
      page.folded.includes(word.shared) ? page.places.map((place) => weigh(place, word)) : [])));
    const rarity = weights.map((each) => Math.log(1 + total / (1 + each.flat().filter(Boolean).length)));
    const found = pages.map((page, p) => {
      const held = words.filter((_, w) => weights[w][p].some(Boolean)).length;
      const places = !held ? [] : page.places.map((place, i) => {
        const here = words.filter((_, w) => weights[w][p][i]).length;
        const sum = words.reduce((all, _, w) => all + (weights[w][p][i] || 0) * rarity[w], 0);
        return { place, score: sum * here + (phrase && here === words.length ? 9 * weigh(place, phrase) : 0) };
      }).filter(({ score }) => score).sort((a, b) => b.score - a.score);
      return { page, places, held };
    });
    const most = Math.max(...found.map(({ held }) => held));
    return {
      words,
      all: most === words.length,
      pages: most === 0 ? [] : found.filter(({ held }) => held === most)
        .sort((a, b) => a.page.rank - b.page.rank || b.places[0].score - a.places[0].score),
    };
  }

  // ---- results

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  // Chinese words say that they are Chinese.
  const spoken = (text) => text.split(/(\p{Script=Han}+)/u)
    .map((piece, i) => (i % 2 ? element("span", { lang: "zh-Hans" }, piece) : piece));

  const matches = (folded, words) => words
    .flatMap(({ regex }, word) => [...folded.matchAll(regex)]
      .map((match) => ({ word, from: match.index, to: match.index + match[0].length })))
    .sort((a, b) => a.from - b.from || b.to - a.to);

  // A part of a text with the words marked; blocks that follow each other are told apart.
  function marked(text, found, from = 0, to = text.length) {
    const shown = (start, end) => spoken(
      text.slice(start, end).replace(/([.:?!…])?\n/g, (_, sign) => (sign ? `${sign} ` : " · ")));
    const pieces = [];
    let at = from;
    for (const match of found) {
      if (match.from < at || match.from >= to) continue;
      pieces.push(...shown(at, match.from), element("mark", {}, ...shown(match.from, match.to)));
      at = match.to;
    }
    return [...pieces, ...shown(at, Math.max(at, to))];
  }

  // The match with the most of the words behind it, and the part of the text around it.
  function excerpt(text, found) {
    const near = (match) => new Set(
      found.filter(({ from }) => from >= match.from && from < match.from + 200).map(({ word }) => word)).size;
    const best = found.reduce((a, b) => (near(b) > near(a) ? b : a), found[0]);
    let from = Math.max(0, (best ? best.from : 0) - 80), to = Math.min(text.length, from + 280);
    if (from) from += Math.max(0, text.slice(from, best.from).search(/\s/));
    if (to < text.length) to = from + Math.max(200, text.slice(from, to).search(/\s\S*$/));
    return { best, pieces: [from ? "… " : "", ...marked(text, found, from, to), to < text.length ? " …" : ""] };
  }

  // Browsers that can mark words on the page they open do so; its neighbors in the line tell which of many is meant.
  function address({ page }, { anchor, text }, match) {
    if (!match || !("fragmentDirective" in document)) return page + (anchor && `#${anchor}`);
    const encode = (words) => encodeURIComponent(words.trim()).replace(/-/g, "%2D");
    const before = /(?:^|\s)((?:\S+\s+){0,3}\S*)$/.exec(text.slice(0, match.from).split("\n").pop());
    const after = /^(\S*(?:\s+\S+){0,3})(?:\s|$)/.exec(text.slice(match.to).split("\n")[0]);
    const around = [before && before[1].trim() && `${encode(before[1])}-,`, after && after[1].trim() && `,-${encode(after[1])}`];
    return `${page}#${anchor}:~:text=${around[0] || ""}${encode(text.slice(match.from, match.to))}${around[1] || ""}`;
  }

  function item(page, place, words) {
    const [inHeading, inText] = place.folded.map((folded) => matches(folded, words));
    const { best, pieces } = excerpt(place.text, inText);
    const heading = place.first ? ["At the start"] : marked(place.heading, inHeading);
    return element("li", {}, element("a", { href: address(page, place, best) }, ...heading), element("p", {}, ...pieces));
  }

  function result({ page, places }, words) {
    const items = (some) => some.map(({ place }) => item(page, place, words));
    const rest = places.slice(SHOWN);
    const title = marked(page.title, matches(page.places[0].folded[0], words));
    const made = element("li", {},
      element("h2", {}, element("a", { href: page.page }, ...title)),
      element("p", { className: "ja-from" }, page.part),
      element("ul", {}, ...items(places.slice(0, SHOWN))));
    if (rest.length) {
      const more = element("details", {}, element("summary", {}, `${rest.length} more on this page`));
      more.addEventListener("toggle", () => more.append(element("ul", {}, ...items(rest))), { once: true });
      made.append(more);
    }
    return made;
  }

  const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

  function show(query) {
    const { words, all, pages: found } = search(query);
    const places = found.reduce((sum, each) => sum + each.places.length, 0);
    list.replaceChildren(...found.map((each) => result(each, words)));
    if (!words.length) status.textContent = "";
    else if (!found.length) status.textContent = `No page has “${query.trim()}”.`;
    else {
      status.textContent = `${counted(places, "place")} on ${counted(found.length, "page")}`
        + (all ? "" : ": no page has all of these words, these have some");
    }
  }

  // ---- page

  let asked = null;
  function texts() {
    asked ||= new Promise((resolve, reject) => {
      const script = element("script", { src: new URL("search-texts.js", folder), onload: resolve, onerror: reject });
      document.head.append(script);
    }).then(() => prepare(window.jointactionTexts));
    return asked;
  }

  const field = form.elements.q;
  function run() {
    const query = field.value;
    const address = query.trim() ? `?${new URLSearchParams({ q: query.trim() })}` : window.location.pathname;
    try { window.history.replaceState(null, "", address); } catch { /* a frame or a folder that keeps its address */ }
    texts().then(() => { if (query === field.value) show(query); }, () => {
      asked = null;
      status.textContent = "The words of the book did not arrive. Try again when the network is back.";
    });
  }

  let waiting = 0;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(run, 150);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    run();
  });
  field.value = new URLSearchParams(window.location.search).get("q") || "";
  field.focus();
  field.select();
  if (field.value) run();
  window.jointactionSearch = { search: (query) => texts().then(() => search(query)) };
})();
