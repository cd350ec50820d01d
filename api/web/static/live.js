// Keep the page true: hear events, fetch the live part again, say so when the connection is lost.
import { ask } from "./http.js";
import { drawCharts } from "./charts.js";
import { fillLater } from "./later.js";

const QUIET_MS = 10_000; // without an event the live part is fetched this often

export function startLive(root) {
  const live = root.querySelector("[data-live]");
  if (!root.querySelector(".top")) return; // nobody is signed in
  const away = root.querySelector("[data-away]");
  let busy = false, again = false, timer;

  async function refresh() {
    clearTimeout(timer);
    if (busy) { again = true; return; }
    busy = true;
    try {
      if (live && !live.contains(document.activeElement?.closest("form, [data-hold]"))) {
        replace(live, await ask(live.dataset.live, { as: "html" }));
        drawCharts(live);
      }
      const { waiting } = await ask("/api/v1/me");
      for (const count of root.querySelectorAll("[data-waiting]")) { count.textContent = waiting; count.hidden = !waiting; }
      away.hidden = true;
    } catch {
      away.hidden = false;
    }
    busy = false;
    if (again) { again = false; refresh(); } else { timer = setTimeout(refresh, QUIET_MS); }
  }

  const events = new EventSource("/api/v1/events");
  events.addEventListener("message", refresh);
  events.addEventListener("open", () => { away.hidden = true; });
  events.addEventListener("error", () => { away.hidden = false; });
  root.addEventListener("lineside:changed", refresh);
  root.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
  timer = setTimeout(refresh, QUIET_MS);
}

function replace(live, html) {
  const focused = document.activeElement?.id;
  const scrolls = [...live.querySelectorAll(".strip, .scroll")].map((node) => node.scrollLeft);
  const later = new Map([...live.querySelectorAll("[data-later]")].map((node) => [node.dataset.later, node]));
  live.innerHTML = html; // our own server's piece of page; the policy of the page lets no script of it run
  for (const place of live.querySelectorAll("[data-later]")) { // what took a moment to reckon stays until it is reckoned anew
    if (later.has(place.dataset.later)) place.replaceWith(later.get(place.dataset.later));
    else fillLater(place.parentElement);
  }
  [...live.querySelectorAll(".strip, .scroll")].forEach((node, i) => { node.scrollLeft = scrolls[i] || 0; });
  if (focused && live.querySelector(`#${CSS.escape(focused)}`)) live.querySelector(`#${CSS.escape(focused)}`).focus();
}
