/* Shortcuts of the desk, listed and turned off at /mesa/atajos/. Nothing needs them: without
   this file everything is done with tab, space and enter. Keys typed into a field are its own. */
(() => {
  "use strict";
  const KEY = "minga-atajos";
  const off = () => localStorage.getItem(KEY) === "no";
  const rows = () => [...document.querySelectorAll(".desk a")];

  function step(by) {
    const all = rows();
    const here = all.indexOf(document.activeElement);
    const next = all[here < 0 ? (by > 0 ? 0 : all.length - 1) : here + by];
    if (next) next.focus();
  }

  function search() {
    const field = document.querySelector("#id_palabras");
    if (!field) return;
    field.closest("details").open = true;
    field.focus();
  }

  function press(key) {
    const target = document.querySelector(`[data-key="${key}"]`);
    if (target) target.click();
  }

  const typing = (place) =>
    place.isContentEditable || place.closest("input:not([type=checkbox]), select, textarea");

  document.addEventListener("keydown", (event) => {
    if (off() || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (typing(event.target)) return;
    const does = {
      j: () => (rows().length ? step(1) : press("j")),
      k: () => step(-1),
      a: () => press("a"),
      "/": search,
      "?": () => press("?"),
    }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  });

  const place = document.querySelector("[data-keys-switch]");
  if (place) {
    const button = place.querySelector("button");
    const tell = () => { button.textContent = off() ? button.dataset.off : button.dataset.on; };
    button.addEventListener("click", () => {
      if (off()) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, "no");
      tell();
    });
    tell();
    place.hidden = false;
  }
})();
