// The panel: every call the bot makes, and the trouble one can make for it.

import { element } from "./bubble.js";

const MOST = 300;
const timeFormat = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "Europe/London" });

export class Calls {
  constructor(list, count, names) {
    this.list = list;
    this.count = count;
    this.names = names;
    this.total = 0;
  }

  reset(calls) {
    this.list.replaceChildren();
    this.total = 0;
    for (const call of calls) this.add(call);
  }

  add(call) {
    this.total = Math.max(this.total, call.number);
    this.count.textContent = String(this.total);
    this.list.prepend(this.entry(call));
    while (this.list.children.length > MOST) this.list.lastElementChild.remove();
  }

  entry(call) {
    const item = element("li", call.ok ? "ok" : call.response ? "refused" : "silent");
    const details = element("details");
    const line = element("summary");
    line.append(
      element("span", "outcome", call.ok ? "ok" : call.code ? String(call.code) : "no answer"),
      element("span", "method", call.method),
      element("span", "chat", call.chat_id === null ? brought(call) : this.names(call.chat_id)),
      element("span", "ms", `${call.ms < 10 ? call.ms.toFixed(1) : Math.round(call.ms)} ms`),
    );
    if (!call.ok && call.description) line.append(element("span", "reason", call.description));
    if (call.ignored.length) line.append(element("span", "reason", `not known to Telegram: ${call.ignored.join(", ")}`));
    if (call.method === "getUpdates") line.classList.add("poll-line");
    details.append(line);
    details.addEventListener("toggle", () => {
      if (details.open && details.children.length === 1) details.append(...inside(call));
    });
    item.append(details);
    return item;
  }
}

/** What a poll brought, in the place where other calls name their chat. */
function brought(call) {
  if (call.method !== "getUpdates" || !call.ok) return "";
  const kinds = call.response.result.map((update) => Object.keys(update).find((key) => key !== "update_id"));
  return kinds.length === 1 ? kinds[0].replaceAll("_", " ") : `${kinds.length} updates`;
}

function inside(call) {
  const when = element("p", "when", `${timeFormat.format(call.at * 1000)}${call.fault ? ` · trouble: ${call.fault}` : ""}`);
  return [when, json("sent", call.params), json("answered", call.response)];
}

function json(title, value) {
  const box = element("div", "json");
  const pre = element("pre", "", JSON.stringify(value, null, 2));
  pre.tabIndex = 0;
  box.append(element("strong", "", title), pre);
  return box;
}
