// Pointing at a number, focusing it or tapping it shows a card that says where the number comes from.
// Without this script, or without the page's block of facts, the number's link leads to the codebook.
(() => {
  "use strict";
  const block = document.getElementById("ja-cards");
  if (!block) return;
  const { facts, statuses } = JSON.parse(block.textContent);

  const make = (tag, className, ...children) => {
    const element = document.createElement(tag);
    element.className = className;
    element.append(...children);
    return element;
  };
  // A screen reader pronounces Chinese where it is called so, as on the page (site/language.py).
  const CHINESE = /([、。〈-】〔-〕（），：；]*\p{Script=Han}(?:[\p{Script=Han}、。〈-】〔-〕（），：；0-9]*[\p{Script=Han}、。〈-】〔-〕（），：；])?)/u;
  const said = (words) => words.split(CHINESE).map((part, i) => (i % 2 ? Object.assign(make("span", "", part), { lang: "zh-Hans" }) : part));
  const text = make("div", "ja-card-text");
  const more = make("a", "ja-card-more", "Entry in the codebook");
  const close = make("button", "ja-card-close", "×");
  const card = make("div", "ja-card", text, more, close);
  text.id = "ja-card-text";
  close.type = "button";
  close.setAttribute("aria-label", "Close");
  card.setAttribute("role", "dialog");
  card.setAttribute("aria-label", "Where this number comes from");
  card.tabIndex = -1;

  let number = null; // the link whose card is open
  let timer = 0;
  let pointer = ""; // what was last used: mouse, touch, pen or, for keys, nothing
  let returning = false;

  const numberAt = (target) => (card.contains(target) ? null : target.closest?.('a[href*="#fact-"]'));
  const factOf = (link) => facts[decodeURIComponent(link.hash).slice("#fact-".length)];
  const holds = (target) => number !== null && (number.contains(target) || card.contains(target));

  function fill([statement, value, status, source, formula]) {
    const mark = make("span", `ja-mark ja-mark-${status}`, status);
    text.replaceChildren(
      make("p", "ja-card-statement", ...said(statement)),
      make("p", "ja-card-value", ...said(value)),
      make("p", "", mark, `: ${statuses[status]}`),
      make("p", "", ...said(`Source: ${source}`)),
      ...(formula ? [make("p", "", ...said(`Formula: ${formula}`))] : []),
    );
  }

  function place() {
    const lines = number.getClientRects();
    const first = lines[0];
    const last = lines[lines.length - 1];
    const edge = 8;
    const room = document.documentElement.clientWidth - card.offsetWidth - edge;
    const below = last.bottom + 4;
    const above = first.top - 4 - card.offsetHeight;
    const top = below + card.offsetHeight > window.innerHeight && above > 0 ? above : below;
    const frame = card.offsetParent.getBoundingClientRect();
    card.style.left = `${Math.max(edge, Math.min(first.left, room)) - frame.left}px`;
    card.style.top = `${top - frame.top}px`;
  }

  function show(link) {
    window.clearTimeout(timer);
    if (link === number || !factOf(link)) return;
    hide();
    number = link;
    fill(factOf(link));
    more.href = link.href;
    document.querySelector("main").append(card);
    place();
    link.setAttribute("aria-describedby", text.id);
  }

  function hide() {
    window.clearTimeout(timer);
    if (number === null) return;
    const link = number;
    const inside = card.contains(document.activeElement);
    number = null;
    link.removeAttribute("aria-describedby");
    if (inside) focusAgain(link);
    card.remove();
  }

  function focusAgain(link) {
    returning = true;
    link.focus({ preventScroll: true });
    returning = false;
  }

  // A mouse: the card waits a moment before it comes and goes, and stays while the mouse is on it.
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const link = numberAt(event.target);
    if (holds(event.target)) window.clearTimeout(timer);
    else if (link) {
      window.clearTimeout(timer);
      timer = window.setTimeout(show, 150, link);
    }
  });
  document.addEventListener("pointerout", (event) => {
    if (event.pointerType !== "mouse" || holds(event.relatedTarget)) return;
    window.clearTimeout(timer);
    if (number !== null && !holds(document.activeElement)) timer = window.setTimeout(hide, 250);
  });

  // A finger: the first tap opens the card, a second one closes it; the link in the card leads on.
  document.addEventListener("pointerdown", (event) => { pointer = event.pointerType; }, true);
  document.addEventListener("pointerup", (event) => { if (!holds(event.target)) hide(); });
  document.addEventListener("click", (event) => {
    const link = numberAt(event.target);
    if (!link || !factOf(link) || !["touch", "pen"].includes(event.pointerType || pointer)) return;
    event.preventDefault();
    if (link === number) return hide();
    show(link);
    card.focus({ preventScroll: true });
  });
  close.addEventListener("click", hide);

  // Keys: focus shows the card, Tab goes through it and on, Escape closes it.
  document.addEventListener("focusin", (event) => {
    const link = numberAt(event.target);
    if (holds(event.target) || returning) return;
    if (link && link.matches(":focus-visible")) show(link);
    else hide();
  });
  document.addEventListener("keydown", (event) => {
    pointer = "";
    if (number === null) return;
    if (event.key === "Escape") hide();
    if (event.key !== "Tab") return;
    if (event.target === number && !event.shiftKey) {
      event.preventDefault();
      more.focus();
    } else if (event.target === close && !event.shiftKey) {
      focusAgain(number); // and the browser goes on from there
    } else if (event.target === more && event.shiftKey) {
      event.preventDefault();
      number.focus();
    }
  });
  window.addEventListener("resize", () => { if (number !== null) place(); });
})();
