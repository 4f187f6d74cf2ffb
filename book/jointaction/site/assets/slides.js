/* A deck. In a wide window reveal.js shows it slide by slide; on a phone, and with ?notes, it is a page with one slide
   under another. The key S opens that page with its notes in a window beside, which follows the deck: windows speak by
   messages, so that this works from a folder too. */
(function () {
  "use strict";

  const HERE = document.currentScript.src, root = document.documentElement;
  const withNotes = new URLSearchParams(location.search).has("notes");
  const projecting = !withNotes && !matchMedia("(max-width: 600px)").matches;
  root.classList.add("ja-scripts", projecting ? "ja-slides" : "ja-page");
  root.classList.toggle("ja-notes", withNotes);

  let kept = null;
  try { kept = localStorage.getItem("theme"); } catch (error) { /* a frame without storage */ }
  root.dataset.theme = kept || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

  const beside = (file) => new URL(file, HERE).href;
  const loaded = (element) => new Promise((resolve, reject) => {
    element.onload = resolve;
    element.onerror = reject;
    document.head.append(element);
  });
  const parsed = new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve));

  if (projecting) {
    const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: beside("reveal.css") });
    const script = Object.assign(document.createElement("script"), { src: beside("reveal.js") });
    Promise.all([loaded(sheet), loaded(script), parsed]).then(project);
  } else {
    parsed.then(read);
  }

  // Slide by slide ----------------------------------------------------------------------------------------------

  // Keys belong to a control while it has the focus: arrows to a slider or a choice, space to a button.
  function keysAreTheDecks(event) {
    const at = document.activeElement;
    if (at.matches("input, select, textarea")) return false;
    return !(at.matches("button, a, summary") && [" ", "Enter"].includes(event.key));
  }

  function project() {
    const deck = new window.Reveal(document.querySelector(".reveal"), {
      width: 1280, height: 720, margin: 0, minScale: 0.1, maxScale: 10, center: false, display: "flex",
      hash: true, slideNumber: "c/t", transition: "none", controlsTutorial: false, scrollActivationWidth: null,
      pdfSeparateFragments: false, pdfMaxPagesPerSlide: 1, keyboardCondition: keysAreTheDecks,
      keyboard: { 83: openNotes, 68: () => { root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark"; } },
    });
    deck.registerKeyboardShortcut("S", "Notes in a window");
    deck.registerKeyboardShortcut("D", "Light or dark");

    const wake = ({ currentSlide }) => {
      if (currentSlide.closest(".pdf-page")) return; // on paper a figure is still
      for (const figure of currentSlide.querySelectorAll("figure.explorer")) figure.explorer.project();
    };
    deck.on("slidechanged", (event) => {
      document.activeElement.blur();
      wake(event);
      tell();
    });
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !document.activeElement.closest("figure.explorer, form")) return;
      document.activeElement.blur();
      event.stopPropagation(); // it would open the overview
    }, true);

    let notes = null;
    function openNotes() {
      notes = window.open(`${location.href.split(/[?#]/)[0]}?notes`, "notes", "width=900,height=700");
    }
    function tell() { if (notes && !notes.closed) notes.postMessage({ slide: deck.getIndices().h }, "*"); }
    addEventListener("message", (event) => {
      if (!notes || event.source !== notes) return;
      if (event.data.step > 0) deck.next();
      if (event.data.step < 0) deck.prev();
      tell();
    });

    deck.initialize().then(() => {
      document.querySelector(".reveal").removeAttribute("role"); // "application" would hide headings and landmarks
      const number = document.querySelector(".slide-number");
      number.setAttribute("role", "navigation");
      number.setAttribute("aria-label", "This slide");
      wake({ currentSlide: deck.getCurrentSlide() });
    });
  }

  // One under another, with notes ---------------------------------------------------------------------------------

  function read() {
    if (!withNotes || !window.opener) return;
    const slides = [...document.querySelectorAll(".slides > section")], started = Date.now();
    const ends = [];
    for (const slide of slides) ends.push((ends.at(-1) || 0) + Number(slide.querySelector(".notes").dataset.minutes));
    const clock = Object.assign(document.createElement("p"), { className: "ja-clock" });
    document.body.prepend(clock);
    let at = 0;
    const show = () => {
      const seconds = Math.floor((Date.now() - started) / 1000);
      const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      clock.textContent = `${time} gone · slide ${at + 1} of ${slides.length} ends at minute ${ends[at]}`;
    };
    setInterval(show, 1000);
    addEventListener("message", (event) => {
      if (event.source !== window.opener) return;
      at = event.data.slide;
      slides.forEach((slide, i) => slide.classList.toggle("ja-current", i === at));
      slides[at].scrollIntoView();
      show();
    });
    addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, PageDown: 1, " ": 1, ArrowLeft: -1, PageUp: -1 }[event.key];
      if (!step || event.target.matches("input, select, textarea, button, a")) return;
      event.preventDefault();
      window.opener.postMessage({ step }, "*");
    });
    window.opener.postMessage({ step: 0 }, "*");
  }
})();
