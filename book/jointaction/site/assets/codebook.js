// The codebook: a link to an entry opens the fold around it, and a field finds a number or a word among all entries.
(() => {
  "use strict";
  const field = document.getElementById("ja-find");
  const folds = [...document.querySelectorAll("details.ja-fold")];

  function open() {
    const target = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    const fold = target && target.closest("details.ja-fold");
    if (!fold) return;
    if (field && target.hidden) find("");
    fold.open = true;
    target.scrollIntoView();
  }

  // A number is found as a whole, 76 in neither 1976 nor 76.5; anything else as part of a word.
  const plain = (text) => text.toLowerCase().replace(/(\d),(?=\d{3})/g, "$1");
  function pattern(word) {
    const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return new RegExp(/^\d+(\.\d+)?$/.test(word) ? `(^|[^\\d.])${escaped}(?!\\.?\\d)` : escaped);
  }

  function find(query) {
    const patterns = plain(query).split(/\s+/).filter(Boolean).map(pattern);
    let found = 0;
    if (field.value !== query) field.value = query;
    for (const fold of folds) {
      const before = found;
      for (const list of fold.querySelectorAll("dl")) {
        const start = found;
        for (const term of list.querySelectorAll("dt")) {
          const entry = term.nextElementSibling;
          const text = plain(`${term.textContent} ${entry.textContent}`);
          const hit = patterns.every((each) => each.test(text));
          term.hidden = entry.hidden = !hit;
          found += hit;
        }
        list.hidden = list.previousElementSibling.hidden = found === start;
      }
      fold.hidden = found === before;
      fold.open = patterns.length > 0;
    }
    for (const part of document.querySelectorAll('.ja-reason, section[id^="facts-"]')) {
      part.hidden = [...part.querySelectorAll("dl")].every((list) => list.hidden);
    }
    field.nextElementSibling.value = patterns.length ? `${found} ${found === 1 ? "entry" : "entries"}` : "";
  }

  window.addEventListener("hashchange", open);
  open();
  if (!field) return;
  field.addEventListener("input", () => find(field.value));
})();
