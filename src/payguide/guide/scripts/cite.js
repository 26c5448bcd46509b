/* Copies what stands beside a button, and says how the figure is cited that the address names. All of it can be read
   and selected without this. */
"use strict";
(() => {
  const cite = document.getElementById("cite-figure");

  function told(button, text) {
    button.textContent = text;
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  }

  function selected(place) {
    const range = document.createRange();
    range.selectNodeContents(place);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  async function copy(button) {
    const place = button.previousElementSibling;
    try {
      await navigator.clipboard.writeText(place.textContent);
      told(button, "Copied");
    } catch {
      // an older browser, or one that asks first: what is selected can be copied by hand
      selected(place);
      told(button, document.execCommand("copy") ? "Copied" : "Selected");
    }
  }

  function target() {
    const id = decodeURIComponent(location.hash.slice(1));
    const known = id.startsWith("f-") && document.getElementById(id);
    cite.hidden = !known;
    if (known) {
      cite.querySelector("code").textContent = cite.dataset.cited + ", figure " + id.slice(2) + ", "
        + (cite.dataset.url || location.href.split("#")[0]) + "#" + id;
    }
  }

  for (const button of document.querySelectorAll("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
  window.addEventListener("hashchange", target);
  target();
})();
