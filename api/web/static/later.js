// Parts of a page that take a moment to reckon come after it: their place says so until then.
import { ask } from "./http.js";
import { drawCharts } from "./charts.js";

export function fillLater(root) {
  for (const place of root.querySelectorAll("[data-later]")) {
    ask(place.dataset.later, { as: "html" })
      .then((html) => { place.innerHTML = html; drawCharts(place); }) // our own server's piece of page
      .catch((error) => { place.querySelector("[data-wait]").textContent = error.message; })
      .finally(() => place.removeAttribute("aria-busy"));
  }
}
