// The box one writes in: text, reply, edit, commands, suggested replies, files.

import { element } from "./bubble.js";
import { summary } from "./text.js";

const INLINE = /^@(\w+)\s([^]*)$/;
const PAUSE_MS = 150; // of typing, before the bot is asked what it offers

export class Composer {
  constructor(byId, wishes) {
    this.byId = byId;
    this.wishes = wishes;
    this.person = null;
    this.context = null; // {kind: "reply" | "edit", message}
    this.drafts = new Map();
    this.chosen = -1;
    this.asked = 0; // how often the bot was asked what it offers: an older answer is not shown
    this.text = byId("text");
    this.list = byId("commands");
    this.listen();
  }

  listen() {
    this.byId("composer").addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    this.text.addEventListener("input", () => { this.fit(); this.suggest(); });
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.byId("context-end").addEventListener("click", () => { this.end(); this.text.focus(); });
    this.byId("commands-toggle").addEventListener("click", () => this.toggleCommands());
    this.byId("attach-toggle").addEventListener("click", () => this.toggleAttach());
    this.byId("attach").addEventListener("click", (event) => this.attach(event.target.dataset.attach));
    this.byId("file").addEventListener("change", (event) => {
      const file = event.target.files[0];
      event.target.value = "";
      if (file) this.wishes.sendFile(file);
    });
    document.addEventListener("click", (event) => {
      if (!event.target.closest(".attach")) this.toggleAttach(false);
      if (!event.target.closest("#composer")) this.offer([]);
    });
  }

  show(person) {
    if (this.person && !this.context) this.drafts.set(this.person.id, this.text.value);
    const same = this.person?.id === person.id;
    this.person = person;
    if (!same) {
      this.end();
      this.text.value = this.drafts.get(person.id) || "";
      this.fit();
    }
    this.offer([]);
    this.byId("commands-toggle").hidden = !person.commands.length;
    this.keyboard(person.keyboard);
  }

  keyboard(markup) {
    const box = this.byId("keyboard");
    box.replaceChildren();
    box.hidden = !markup?.keyboard;
    this.text.placeholder = markup?.input_field_placeholder || "Message";
    for (const row of markup?.keyboard || []) {
      const line = element("div", "buttons-row");
      for (const button of row) {
        const key = element("button", "key", button.text);
        key.type = "button";
        key.addEventListener("click", () => this.wishes.say(button.text, null));
        line.append(key);
      }
      box.append(line);
    }
  }

  async send() {
    const text = this.text.value.trim();
    if (!text) return;
    const context = this.context;
    const message = context?.message;
    const done = context?.kind === "edit"
      ? await this.wishes.edit(message.json.message_id, text)
      : await this.wishes.say(text, message?.json.message_id ?? null);
    if (!done) return;
    this.drafts.delete(this.person.id);
    this.end();
    this.text.value = "";
    this.fit();
    this.offer([]);
  }

  reply(message) {
    this.begin("reply", message, `Reply to ${message.from_bot ? "the bot" : message.json.from.first_name}`);
  }

  edit(message) {
    this.begin("edit", message, "Edit your message");
    this.text.value = message.json.text ?? message.json.caption ?? "";
    this.fit();
  }

  begin(kind, message, title) {
    this.end();
    this.context = { kind, message };
    this.byId("context-title").textContent = title;
    this.byId("context-text").textContent = summary(message.json);
    this.byId("context").hidden = false;
    this.text.focus();
  }

  end() {
    if (this.context?.kind === "edit") { this.text.value = ""; this.fit(); }
    this.context = null;
    this.byId("context").hidden = true;
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (this.chosen >= 0) this.list.children[this.chosen].click();
      else this.send();
    } else if (event.key === "Escape") {
      if (!this.list.hidden) this.offer([]);
      else this.end();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !this.list.hidden) {
      event.preventDefault();
      this.choose(this.chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Tab" && this.list.children[this.chosen]?.dataset.command) {
      event.preventDefault();
      this.text.value = `${this.list.children[this.chosen].dataset.command} `;
      this.offer([]);
    } else if (event.key === "ArrowUp" && !this.text.value) {
      const own = [...this.person.messages.values()].reverse().find((message) => !message.from_bot && message.json.text);
      if (own) { event.preventDefault(); this.edit(own); }
    }
  }

  fit() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 180)}px`;
    this.byId("send").disabled = !this.text.value.trim();
  }

  suggest() {
    const typed = this.text.value;
    const inline = INLINE.exec(typed);
    this.asked += 1;
    if (inline?.[1].toLowerCase() === this.wishes.botName()) {
      const number = this.asked;
      setTimeout(() => { if (number === this.asked) this.askInline(inline[2], ""); }, PAUSE_MS);
      return;
    }
    const fits = /^\/\w*$/.test(typed);
    this.offer(fits ? this.person.commands.filter(({ command }) => `/${command}`.startsWith(typed.toLowerCase())) : []);
  }

  toggleCommands() {
    if (this.list.hidden) { this.offer(this.person.commands); this.text.focus(); } else this.offer([]);
  }

  async askInline(query, offset) {
    const number = this.asked;
    const answer = await this.wishes.inline(query, offset);
    if (!answer || number !== this.asked) return;
    const options = answer.results.map(({ title, description }, place) => [title, description, () => this.wishes.choose(place)]);
    if (answer.button) options.unshift([answer.button.text, "", () => this.wishes.start(answer.button.start_parameter || "")]);
    if (answer.more) options.push(["More", "", () => this.askInline(query, answer.more), true]);
    this.fill(options.map((option, place) => this.result(option, place)), "What the bot offers");
  }

  result([title, description, act, stays], number) {
    const item = this.option(number, title, description);
    item.classList.add("result");
    item.addEventListener("click", () => {
      act();
      if (stays) return;
      this.text.value = "";
      this.fit();
      this.offer([]);
    });
    return item;
  }

  offer(commands) {
    this.asked += 1;
    this.fill(commands.map((command, number) => this.command(command, number)), "Commands");
    this.byId("commands-toggle").setAttribute("aria-expanded", String(commands.length > 0));
  }

  fill(items, label) {
    this.list.replaceChildren(...items);
    this.list.hidden = !items.length;
    this.list.setAttribute("aria-label", label);
    this.text.setAttribute("aria-expanded", String(items.length > 0));
    this.chosen = -1;
    this.text.removeAttribute("aria-activedescendant");
  }

  command({ command, description }, number) {
    const item = this.option(number, `/${command}`, description);
    item.dataset.command = `/${command}`;
    item.addEventListener("click", () => { this.text.value = `/${command}`; this.send(); });
    return item;
  }

  option(number, title, description) {
    const item = element("li");
    item.id = `command-${number}`;
    item.setAttribute("role", "option");
    item.append(element("strong", "", title), element("span", "", description));
    item.addEventListener("mousedown", (event) => event.preventDefault());
    return item;
  }

  choose(number) {
    const count = this.list.children.length;
    this.chosen = (number + count) % count;
    [...this.list.children].forEach((item, each) => {
      item.setAttribute("aria-selected", String(each === this.chosen));
      if (each === this.chosen) item.scrollIntoView({ block: "nearest" });
    });
    this.text.setAttribute("aria-activedescendant", `command-${this.chosen}`);
  }

  toggleAttach(open = this.byId("attach").hidden) {
    this.byId("attach").hidden = !open;
    this.byId("attach-toggle").setAttribute("aria-expanded", String(open));
  }

  attach(kind) {
    if (!kind) return;
    this.toggleAttach(false);
    if (kind === "file") this.byId("file").click();
    else this.wishes.voice();
  }
}
