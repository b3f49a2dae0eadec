// Text with Telegram's entities as elements. Offsets count UTF-16 units, which is how JavaScript counts too.

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code",
  blockquote: "blockquote", expandable_blockquote: "blockquote", custom_emoji: "span",
};

/** Elements for a text; `act` has start(payload) and command(text) for what may be tapped. */
export function formatted(text, entities, act) {
  const fragment = document.createDocumentFragment();
  const ordered = [...(entities || [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  fill(fragment, text, 0, text.length, ordered, act);
  return fragment;
}

function fill(parent, text, start, end, entities, act) {
  let position = start;
  while (entities.length) {
    const entity = entities[0];
    if (entity.offset >= end) break;
    entities.shift();
    const from = Math.max(entity.offset, position);
    const to = Math.min(entity.offset + entity.length, end);
    if (to <= from) continue;
    parent.append(text.slice(position, from));
    const element = elementFor(entity, text.slice(from, to), act);
    fill(element.inner || element, text, from, to, entities, act);
    parent.append(element);
    position = to;
    if (element.tagName === "BLOCKQUOTE" || element.tagName === "PRE") {
      if (text[position] === "\n") position += 1; // the block itself ends the line
    }
  }
  parent.append(text.slice(position, end));
}

function elementFor(entity, words, act) {
  switch (entity.type) {
    case "text_link": return link(entity.url, act);
    case "url": return link(/^[a-z]+:\/\//i.test(words) ? words : `http://${words}`, act);
    case "email": return link(`mailto:${words}`, act);
    case "bot_command": return tappable("command", () => act.command(words));
    case "spoiler": return spoiler();
    case "pre": {
      const pre = document.createElement("pre");
      pre.tabIndex = 0;
      return pre;
    }
    case "mention": case "hashtag": case "cashtag": case "text_mention": {
      const span = document.createElement("span");
      span.className = "mention";
      return span;
    }
    default: {
      const element = document.createElement(TAGS[entity.type] || "span");
      if (entity.type === "expandable_blockquote") makeExpandable(element);
      return element;
    }
  }
}

function link(url, act) {
  const payload = act.payloadOf(url);
  if (payload !== null) return tappable("link", () => act.start(payload));
  const a = document.createElement("a");
  a.href = url;
  a.target = "_blank";
  a.rel = "noopener noreferrer";
  return a;
}

function tappable(kind, action) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `inline ${kind}`;
  button.addEventListener("click", action);
  return button;
}

function spoiler() {
  const span = tappable("spoiler", () => {
    span.classList.add("seen");
    span.removeAttribute("aria-label");
    span.setAttribute("aria-expanded", "true");
  });
  span.setAttribute("aria-label", "Hidden words: press to read");
  span.setAttribute("aria-expanded", "false");
  return span;
}

/** A quote that shows its first three lines until it is tapped. `settleQuotes` decides whether that is needed. */
function makeExpandable(quote) {
  quote.classList.add("expandable");
  const inner = document.createElement("div");
  inner.className = "folded";
  const toggle = document.createElement("button");
  toggle.type = "button";
  toggle.className = "unfold";
  toggle.setAttribute("aria-expanded", "false");
  toggle.append("Show more");
  const turn = () => {
    const open = quote.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
    toggle.firstChild.data = open ? "Show less" : "Show more";
  };
  toggle.addEventListener("click", (event) => { event.stopPropagation(); turn(); });
  inner.addEventListener("click", (event) => {
    if (!event.target.closest("a, button") && !quote.classList.contains("open") && !toggle.hidden) turn();
  });
  quote.append(inner, toggle);
  quote.inner = inner;
}

/** Takes the "Show more" away from quotes that are short anyway. Call it when they are on the page. */
export function settleQuotes(root) {
  for (const quote of root.querySelectorAll("blockquote.expandable:not(.open)")) {
    const inner = quote.firstElementChild;
    const short = inner.scrollHeight <= inner.clientHeight + 2;
    quote.classList.toggle("short", short);
    quote.lastElementChild.hidden = short;
  }
}

/** What to show of a message in one line. */
export function summary(json) {
  if (json.text) return json.text;
  if (json.caption) return json.caption;
  if (json.photo) return "Picture";
  if (json.document) return json.document.file_name || "File";
  if (json.poll) return `Poll: ${json.poll.question}`;
  if (json.voice) return "Voice note";
  if (json.sticker) return `Sticker ${json.sticker.emoji || ""}`;
  if (json.location) return "Place";
  if (json.contact) return "Phone number";
  return "Message";
}
