// The page: keeps the state that the server sends, and passes on what is tapped and typed.

import { Calls } from "./panel.js";
import { Composer } from "./composer.js";
import { MessageList } from "./chat.js";
import { clock, day, element, shortDay } from "./bubble.js";
import { summary } from "./text.js";

const byId = (id) => document.getElementById(id);
const TYPING_MS = 5000;

const people = new Map();
const unread = new Map();
let selected = Number(localStorage.getItem("sandbox.person")) || 0;
let world = { bot: { name: "", username: "" }, status: "starting", faults: {}, ahead: 0, now: 0, movable: false };
let skew = 0; // seconds between the world's clock and this browser's
const typing = new Map();

// Wishes: what this page asks of the server

async function wish(what, quiet = false) {
  try {
    const response = await fetch("/page/do", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Sandbox": "page" },
      body: JSON.stringify({ who: selected, ...what }),
    });
    const answer = await response.json();
    if (!answer.error) return answer;
    if (!quiet) toast(`That did not work: ${answer.error}.`);
  } catch {
    if (!quiet) toast("The sandbox does not answer. Is it still running?");
  }
  return null;
}

const wishes = {
  say: (text, replyTo) => wish({ do: "say", text, reply_to: replyTo }),
  edit: (id, text) => wish({ do: "edit", message_id: id, text }),
  voice: () => wish({ do: "voice" }),
  botName: () => world.bot.username.toLowerCase(),
  inline: (query, offset) => wish({ do: "inline", query, offset }, true),
  choose: (number) => wish({ do: "choose", number }),
  start: (payload) => wish({ do: "start", payload }),
  async sendFile(file) {
    const query = new URLSearchParams({ who: selected, name: file.name, kind: file.type || "application/octet-stream" });
    try {
      const response = await fetch(`/page/send?${query}`, { method: "POST", headers: { "X-Sandbox": "page" }, body: file });
      const answer = await response.json();
      if (answer.error) toast(`That did not work: ${answer.error}.`);
    } catch {
      toast("The file could not be sent. It may be larger than 50 MB.");
    }
  },
};

// What a tap in a message does

const act = {
  payloadOf(url) {
    let address;
    try { address = new URL(url); } catch { return null; }
    const here = ["t.me", "telegram.me"].includes(address.hostname);
    const name = address.pathname.replaceAll("/", "").toLowerCase();
    if (!here || name !== world.bot.username.toLowerCase()) return null;
    return address.searchParams.get("start") || "";
  },
  start: (payload) => wish({ do: "start", payload }),
  command: (text) => wishes.say(text, null),
  reveal: (id) => list.reveal(id),
  vote: async (json, options) => {
    const person = people.get(selected);
    const before = person.votes[json.poll.id];
    person.votes[json.poll.id] = options;
    if (!(await wish({ do: "vote", message_id: json.message_id, options }))) person.votes[json.poll.id] = before || [];
  },
  async press(id, button, key) {
    if (key.classList.contains("waiting")) return;
    key.classList.add("waiting");
    key.setAttribute("aria-busy", "true");
    const answer = await wish({ do: "press", message_id: id, button });
    key.classList.remove("waiting");
    key.removeAttribute("aria-busy");
    if (!answer) return;
    if (!answer.answered) toast("The bot did not answer this press.");
    else if (answer.alert) ask(answer.text, { yes: "OK" });
    else if (answer.text) toast(answer.text);
    if (answer.url && act.payloadOf(answer.url) === null) open(answer.url, "_blank", "noopener");
  },
  menu: (message, button) => openMenu(message, button),
};

const list = new MessageList({ scroll: byId("scroll"), list: byId("messages"), newest: byId("newest") });
list.act = act;
const composer = new Composer(byId, wishes);
const calls = new Calls(byId("calls"), byId("calls-count"), (id) => people.get(Number(id))?.name ?? String(id));

// What the server tells

const events = {
  state(state) {
    world = state;
    skew = state.now - Date.now() / 1000;
    people.clear();
    for (const person of state.people) {
      const messages = new Map(person.messages.map((message) => [message.json.message_id, message]));
      people.set(person.id, { ...person, messages });
    }
    if (!people.has(selected)) selected = state.people[0]?.id ?? 0;
    calls.reset(state.calls);
    showPeople();
    showPerson();
    showWorld();
  },
  message({ chat_id: id, message: json, from_bot: fromBot }) {
    const person = people.get(id);
    if (!person) return;
    const message = { json, from_bot: fromBot };
    person.messages.set(json.message_id, message);
    if (fromBot) stopTyping(id);
    if (id === selected) { list.add(message); showEmptiness(person); }
    if (fromBot && (id !== selected || document.hidden)) unread.set(id, (unread.get(id) || 0) + 1);
    showPeople();
  },
  edited({ chat_id: id, message: json, from_bot: fromBot }) {
    const person = people.get(id);
    if (!person) return;
    const message = { json, from_bot: fromBot };
    person.messages.set(json.message_id, message);
    if (id === selected) list.change(message);
    showPeople();
  },
  deleted({ chat_id: id, message_id: messageId }) {
    people.get(id)?.messages.delete(messageId);
    if (id === selected) list.remove(messageId);
    showPeople();
  },
  cleared({ chat_id: id }) {
    people.get(id)?.messages.clear();
    if (id === selected) showPerson();
    showPeople();
  },
  person(line) {
    const person = people.get(line.id);
    if (!person) return;
    Object.assign(person, line);
    if (line.id === selected) { composer.show(person); showEmptiness(person); }
    showPeople();
  },
  action({ chat_id: id }) {
    clearTimeout(typing.get(id));
    typing.set(id, setTimeout(() => stopTyping(id), TYPING_MS));
    showBotLine();
  },
  faults(faults) {
    world.faults = faults;
    showWorld();
  },
  call(call) {
    calls.add(call);
  },
  reaction({ chat_id: id, reactions }) {
    if (id === selected && reactions[0]?.emoji) toast(`The bot reacts: ${reactions[0].emoji}`);
  },
};

function stopTyping(id) {
  clearTimeout(typing.get(id));
  typing.delete(id);
  showBotLine();
}

function listen() {
  const source = new EventSource("/page/events");
  for (const [name, tell] of Object.entries(events)) {
    source.addEventListener(name, (event) => tell(JSON.parse(event.data)));
  }
  source.addEventListener("open", () => showWorld());
  source.addEventListener("error", () => banner("The sandbox does not answer. Start it again and this page goes on by itself."));
}

// What is shown

function showPeople() {
  const tabs = byId("people");
  const focused = document.activeElement?.closest?.("[role=tab]")?.dataset.id;
  tabs.replaceChildren(...[...people.values()].map(tab));
  if (focused) tabs.querySelector(`[data-id="${focused}"]`)?.focus();
  const others = [...unread.entries()].filter(([id]) => id !== selected || document.hidden).reduce((sum, [, count]) => sum + count, 0);
  document.title = `${others ? `(${others}) ` : ""}${people.get(selected)?.name ?? "Sandbox"} · Sandbox chat`;
}

function tab(person, index) {
  const button = element("button", `person tint-${index % 6}`);
  button.type = "button";
  button.dataset.id = person.id;
  button.setAttribute("role", "tab");
  button.setAttribute("aria-controls", "phone");
  button.setAttribute("aria-selected", String(person.id === selected));
  button.tabIndex = person.id === selected ? 0 : -1;
  const avatar = element("span", "avatar", initials(person.name));
  avatar.setAttribute("aria-hidden", "true");
  const words = element("span", "person-words");
  const last = [...person.messages.values()].at(-1);
  words.append(element("strong", "", person.name), element("small", "", last ? summary(last.json) : person.role));
  button.append(avatar, words);
  const count = unread.get(person.id);
  if (count) {
    const badge = element("span", "badge", String(count));
    badge.setAttribute("aria-label", `${count} not read`);
    button.append(badge);
  }
  if (person.blocked) button.classList.add("is-blocked");
  button.addEventListener("click", () => select(person.id));
  return button;
}

const initials = (name) => name.split(/\s+/).filter((word) => !/^(Ms|Mr|Mrs|Dr)$/.test(word)).map((word) => word[0]).join("").slice(0, 2);

function select(id) {
  selected = id;
  localStorage.setItem("sandbox.person", String(id));
  showPerson();
  showPeople();
  if (matchMedia("(pointer: fine)").matches) byId("text").focus();
}

byId("people").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const ids = [...people.keys()];
  select(ids[(ids.indexOf(selected) + step + ids.length) % ids.length]);
  byId("people").querySelector('[aria-selected="true"]').focus();
});

function showPerson() {
  const person = people.get(selected);
  if (!person) return;
  unread.delete(selected);
  closeMenu();
  list.show(person);
  composer.show(person);
  byId("phone").setAttribute("aria-label", `${person.name}'s chat with the bot`);
  showEmptiness(person);
  showBotLine();
}

function showEmptiness(person) {
  const empty = !person.messages.size;
  byId("welcome").hidden = !empty || person.blocked;
  byId("scroll").hidden = empty && !person.blocked;
  byId("blocked").hidden = !person.blocked;
  byId("composer").hidden = person.blocked || empty;
  byId("blocked-name").textContent = person.name;
  byId("fault-name").textContent = person.name;
  byId("fault-block").setAttribute("aria-pressed", String(person.blocked));
}

function showBotLine() {
  const line = byId("bot-line");
  const busy = typing.has(selected);
  line.classList.toggle("typing", busy);
  line.textContent = busy ? "typing…" : `bot, as ${people.get(selected)?.name ?? ""} sees it`;
}

function showWorld() {
  const { bot, about, status, faults, ahead, movable } = world;
  byId("bot-name").textContent = bot.name;
  byId("welcome-name").textContent = bot.name;
  byId("welcome-about").textContent = about || "Press Start to say hello to the bot.";
  byId("time").hidden = !movable;
  byId("fault-down").setAttribute("aria-pressed", String(Boolean(faults.down)));
  byId("fault-flood").setAttribute("aria-pressed", String(Boolean(faults.flood)));
  byId("trouble").hidden = !(faults.down || faults.flood);
  byId("tomorrow").disabled = byId("start-over").disabled = status !== "running";
  byId("date").hidden = ahead < 60;
  showTime();
  banner({
    starting: "The bot is starting…",
    restarting: "The bot is being restarted…",
    ended: "The bot has ended. The terminal says why.",
  }[status] || (faults.down ? "Telegram is down: the bot hears nothing until you end this." : ""));
}

function showTime() {
  const now = Date.now() / 1000 + skew;
  byId("date").textContent = `${shortDay(now)}, ${clock(now)}`;
  byId("clock").textContent = `In this sandbox it is ${day(now)}, ${clock(now)}.`;
}
setInterval(showTime, 5000);

function banner(words) {
  byId("banner").textContent = words;
  byId("banner").hidden = !words;
}

function toast(words) {
  const note = element("div", "toast", words);
  byId("toasts").append(note);
  setTimeout(() => note.classList.add("going"), 3600);
  setTimeout(() => note.remove(), 4000);
}

/** Shows words with one button, or two when `no` is given; true when it was answered with yes. */
function ask(words, { yes, no = "" }) {
  const dialog = byId("dialog");
  byId("dialog-text").textContent = words;
  byId("dialog-yes").textContent = yes;
  byId("dialog-no").textContent = no;
  byId("dialog-no").hidden = !no;
  dialog.returnValue = "no";
  dialog.showModal();
  byId("dialog-yes").focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

// The menu of a message

const menu = byId("message-menu");

function openMenu(message, button) {
  const entries = [["Reply", () => composer.reply(message)]];
  if (!message.from_bot && (message.json.text || message.json.caption)) entries.push(["Edit", () => composer.edit(message)]);
  if (message.json.text) entries.push(["Copy text", () => navigator.clipboard?.writeText(message.json.text)]);
  entries.push(["Delete for both", () => wish({ do: "delete", message_id: message.json.message_id })]);
  menu.replaceChildren(...entries.map(([words, action]) => {
    const entry = element("button", "", words);
    entry.type = "button";
    entry.setAttribute("role", "menuitem");
    entry.addEventListener("click", () => { closeMenu(); action(); });
    return entry;
  }));
  menu.hidden = false;
  const place = button.getBoundingClientRect();
  const box = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(place.left, innerWidth - box.width - 8))}px`;
  menu.style.top = `${place.bottom + box.height + 8 > innerHeight ? place.top - box.height - 4 : place.bottom + 4}px`;
  menu.opener = button;
  menu.firstElementChild.focus();
}

function closeMenu() {
  menu.hidden = true;
}

document.addEventListener("click", (event) => { if (!event.target.closest("#message-menu")) closeMenu(); });
byId("scroll").addEventListener("scroll", closeMenu, { passive: true });
for (const box of [menu, byId("attach")]) {
  box.addEventListener("keydown", (event) => {
    const entries = [...box.children];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      entries[(entries.indexOf(document.activeElement) + step + entries.length) % entries.length].focus();
    } else if (event.key === "Escape") {
      if (box === menu) { closeMenu(); menu.opener?.focus(); } else { composer.toggleAttach(false); byId("attach-toggle").focus(); }
    }
  });
}
byId("messages").addEventListener("dblclick", (event) => {
  const row = event.target.closest(".row");
  if (!row || event.target.closest("button, a, input")) return;
  composer.reply(people.get(selected).messages.get(Number(row.dataset.id)));
});

// Buttons around the chat

byId("start").addEventListener("click", () => act.start(""));
byId("unblock").addEventListener("click", () => wish({ do: "block", blocked: false }));
byId("fault-block").addEventListener("click", () => wish({ do: "block", blocked: !people.get(selected).blocked }));
byId("fault-down").addEventListener("click", () => wish({ do: "down", on: !world.faults.down }));
byId("fault-flood").addEventListener("click", () => wish({ do: "flood", on: !world.faults.flood }));
byId("tomorrow").addEventListener("click", () => wish({ do: "tomorrow" }));
byId("start-over").addEventListener("click", async () => {
  if (await ask("Forget every chat and everything the bot has stored in this sandbox?", { yes: "Forget it all", no: "Keep it" })) {
    await wish({ do: "start_over" });
  }
});

function showPanel(open) {
  byId("panel").hidden = !open;
  byId("panel-toggle").setAttribute("aria-expanded", String(open));
  document.body.classList.toggle("with-panel", open);
  localStorage.setItem("sandbox.panel", open ? "open" : "shut");
}

byId("panel-toggle").addEventListener("click", () => {
  showPanel(byId("panel").hidden);
  if (!byId("panel").hidden && innerWidth < 1100) byId("panel-close").focus();
});
byId("panel-close").addEventListener("click", () => { showPanel(false); byId("panel-toggle").focus(); });
byId("panel").addEventListener("keydown", (event) => { if (event.key === "Escape") { showPanel(false); byId("panel-toggle").focus(); } });
document.addEventListener("visibilitychange", () => { if (!document.hidden) { unread.delete(selected); showPeople(); } });

showPanel(localStorage.getItem("sandbox.panel") === "open" && innerWidth >= 1100);
composer.fit();
listen();
