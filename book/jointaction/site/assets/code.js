// One button shows the code of the whole page or hides it; the choice holds for the visit where the browser allows.
(() => {
  "use strict";
  const button = document.querySelector(".ja-code-button");
  const KEY = "ja-code", HERE = document.currentScript.src;

  // Shown code gets buttons that copy it.
  let copying = false;
  function fetchCopying() {
    if (copying) return;
    copying = true;
    for (const file of ["clipboard.min.js", "copybutton.js"]) {
      const script = document.createElement("script");
      Object.assign(script, { src: new URL(`../${file}`, HERE).href, async: false });
      document.head.append(script);
    }
  }

  function set(shown) {
    if (shown) fetchCopying();
    document.documentElement.classList.toggle("ja-code", shown);
    button.setAttribute("aria-pressed", String(shown));
    for (const fold of document.querySelectorAll("details.above-input")) {
      fold.open = shown;
      // The theme makes code that scrolls reachable by keyboard, but could not see its width while it was hidden.
      for (const code of fold.querySelectorAll("pre")) code.tabIndex = code.scrollWidth > code.clientWidth ? 0 : -1;
    }
  }

  function stored() {
    try { return window.sessionStorage.getItem(KEY) === "shown"; } catch { return false; }
  }

  button.addEventListener("click", () => {
    const shown = button.getAttribute("aria-pressed") !== "true";
    // What is being read stays where it is; browsers that see to that themselves leave it to us, once.
    document.documentElement.style.overflowAnchor = "none";
    const blocks = [...document.querySelectorAll(".bd-article :is(p, li, figure, h2, h3, table)")];
    const read = blocks.find((block) => block.getBoundingClientRect().top > 60 && !block.closest("details"));
    const before = read ? read.getBoundingClientRect().top : 0;
    set(shown);
    if (read) window.scrollBy({ top: read.getBoundingClientRect().top - before, behavior: "instant" });
    window.requestAnimationFrame(() => { document.documentElement.style.overflowAnchor = ""; });
    try { window.sessionStorage.setItem(KEY, shown ? "shown" : "hidden"); } catch { /* it holds for this page */ }
  });

  if (stored()) set(true);
})();
