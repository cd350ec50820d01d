// Parts of a page that take a moment to reckon come after it: their place says so until then.
import { ask } from "./http.js";
import { drawCharts } from "./charts.js";

export function fillLater(root) {
  for (const place of root.querySelectorAll("[data-later]:not([data-asked])")) {
    place.dataset.asked = "";
    fill(place);
    // A board on a wall is never loaded again: what grows old on it is asked for anew.
    if (!place.dataset.every) continue;
    const timer = setInterval(() => {
      if (!place.isConnected) clearInterval(timer);
      else if (!document.hidden) fill(place);
    }, 1000 * place.dataset.every);
  }
}

function fill(place) {
  return ask(place.dataset.later, { as: "html" })
    .then((html) => { place.innerHTML = html; drawCharts(place); }) // our own server's piece of page
    .catch((error) => { const wait = place.querySelector("[data-wait]"); if (wait) wait.textContent = error.message; })
    .finally(() => place.removeAttribute("aria-busy"));
}
