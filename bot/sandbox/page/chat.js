// The list of messages of one person.

import { bubble, day, element } from "./bubble.js";
import { settleQuotes } from "./text.js";

const NEAR = 120; // pixels from the end that still count as "at the end"

export class MessageList {
  constructor({ scroll, list, newest }) {
    this.scroll = scroll;
    this.list = list;
    this.newest = newest;
    this.act = null;
    this.person = null;
    newest.addEventListener("click", () => this.toEnd(true));
    scroll.addEventListener("scroll", () => { if (this.atEnd()) newest.hidden = true; }, { passive: true });
    new ResizeObserver(() => { if (this.stuck) this.toEnd(false); }).observe(list);
    new ResizeObserver(() => { if (this.stuck) this.toEnd(false); settleQuotes(list); }).observe(scroll);
    scroll.addEventListener("scroll", () => { this.stuck = this.atEnd(); }, { passive: true });
  }

  show(person) {
    this.person = person;
    this.list.setAttribute("aria-live", "off"); // a whole chat is not news
    this.list.replaceChildren();
    this.lastDay = "";
    for (const message of person.messages.values()) this.append(message);
    settleQuotes(this.list);
    this.stuck = true;
    this.toEnd(false);
    requestAnimationFrame(() => this.list.setAttribute("aria-live", "polite"));
  }

  add(message) {
    const follow = this.atEnd() || !message.from_bot;
    this.append(message, true);
    settleQuotes(this.list);
    if (follow) this.toEnd(true);
    else this.newest.hidden = false;
  }

  append(message, isNew = false) {
    const today = day(message.json.date);
    if (today !== this.lastDay) {
      this.list.append(element("div", "day", today));
      this.lastDay = today;
    }
    const row = this.row(message);
    if (isNew) row.classList.add("new");
    this.list.append(row);
    this.list.querySelectorAll(".row.last").forEach((old) => old.classList.remove("last"));
    row.classList.add("last");
  }

  change(message) {
    const old = this.find(message.json.message_id);
    if (!old) return;
    const follow = this.atEnd();
    const focused = old.contains(document.activeElement);
    const open = [...old.querySelectorAll("blockquote")].map((quote) => quote.classList.contains("open"));
    const row = this.row(message);
    if (old.classList.contains("last")) row.classList.add("last");
    old.replaceWith(row);
    row.querySelectorAll("blockquote.expandable").forEach((quote, number) => {
      if (open[number]) quote.lastElementChild.click();
    });
    settleQuotes(row);
    if (focused) row.querySelector(".key, .more")?.focus();
    if (follow) this.toEnd(false);
  }

  remove(id) {
    this.find(id)?.remove();
  }

  row(message) {
    return bubble(message, { votes: this.person.votes, act: this.act });
  }

  find(id) {
    return this.list.querySelector(`[data-id="${id}"]`);
  }

  reveal(id) {
    const row = this.find(id);
    if (!row) return;
    row.scrollIntoView({ block: "center", behavior: "smooth" });
    row.classList.add("found");
    setTimeout(() => row.classList.remove("found"), 1200);
  }

  atEnd() {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR;
  }

  toEnd(smooth) {
    this.newest.hidden = true;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.scroll.scrollTo({ top: this.scroll.scrollHeight, behavior: smooth && !calm ? "smooth" : "instant" });
    this.stuck = true;
  }
}
