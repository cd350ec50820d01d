// One way to ask the server: JSON or a piece of page; a refusal becomes an Error that says what to do.
export async function ask(path, { method = "GET", body, as = "json" } = {}) {
  let reply;
  try {
    reply = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Error("The server cannot be reached. Nothing was changed; try again in a moment.");
  }
  if (reply.status === 401) {
    throw new Error("You are signed out. Open the sign-in page in another tab, sign in, then try again here.");
  }
  if (!reply.ok) {
    const fault = await reply.json().catch(() => ({}));
    const said = [fault.detail || `The server answered ${reply.status}.`, fault.remedy].filter(Boolean).join(" ");
    throw Object.assign(new Error(said), { status: reply.status });
  }
  return as === "json" ? reply.json() : as === "html" ? reply.text() : reply;
}

export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}
