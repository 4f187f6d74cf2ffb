/* The menus and buttons above a page. */
(function () {
  "use strict";
  // The theme listens to the first button of a kind, and that stands in a bar that this book does not show.
  for (const kind of [".primary-toggle", ".secondary-toggle"]) {
    const [first, ...others] = document.querySelectorAll(kind);
    for (const other of others) other.addEventListener("click", () => first.click());
  }
  // A button that shows only an icon is called by its title, not by the icon's sign.
  for (const button of document.querySelectorAll('[title]:is(button, a):not([aria-label])')) {
    if (!button.textContent.trim()) button.setAttribute("aria-label", button.title);
  }

  const MENU = '[data-bs-toggle="dropdown"]';
  const show = (button, on) => {
    const menu = button.nextElementSibling;
    menu.dataset.bsPopper = "static"; // the place that the theme's style gives a menu
    for (const part of [button, menu]) part.classList.toggle("show", on);
    button.setAttribute("aria-expanded", String(on));
  };
  const opened = () => document.querySelector(`${MENU}[aria-expanded="true"]`);
  document.addEventListener("click", (event) => {
    const button = event.target.closest(MENU), before = opened();
    if (before) show(before, false);
    if (button && button !== before) show(button, true);
    if (event.target.closest(".btn-download-pdf-button")) print();
    if (event.target.closest(".btn-fullscreen-button")) window.toggleFullScreen();
  });
  document.addEventListener("keydown", (event) => {
    const button = opened();
    if (!button) return;
    const items = [...button.nextElementSibling.querySelectorAll("a, button")], step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") { show(button, false); button.focus(); }
    if (step) {
      event.preventDefault();
      const at = items.indexOf(document.activeElement);
      items.at(at < 0 && step < 0 ? -1 : (at + step) % items.length).focus();
    }
  });
  document.addEventListener("focusin", (event) => {
    const button = opened();
    if (button && !button.parentElement.contains(event.target)) show(button, false);
  });
})();
