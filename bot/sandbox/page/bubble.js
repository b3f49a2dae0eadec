// One message as a bubble: text, file, picture, poll, buttons.

import { formatted, summary } from "./text.js";

const clockFormat = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });
const shortDayFormat = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: "Europe/London" });
const dayFormat = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: "Europe/London" });

export const clock = (seconds) => clockFormat.format(seconds * 1000);
export const shortDay = (seconds) => shortDayFormat.format(seconds * 1000);
export const day = (seconds) => dayFormat.format(seconds * 1000);

/** `act` does what a tap means: press, vote, start, command, menu, reveal. */
export function bubble(message, { votes, act }) {
  const { json, from_bot: fromBot } = message;
  const row = element("article", `row ${fromBot ? "theirs" : "mine"}`);
  row.dataset.id = json.message_id;
  row.setAttribute("aria-label", `${fromBot ? "Bot" : json.from.first_name}, ${clock(json.date)}`);
  const body = element("div", "bubble");
  if (json.reply_to_message) body.append(quoted(json.reply_to_message, act));
  body.append(...contents(json, votes, act));
  body.append(meta(json));
  const side = element("div", "side");
  side.append(body);
  if (json.reply_markup?.inline_keyboard) side.append(keyboard(json, act));
  row.append(side, menuButton(message, act));
  return row;
}

function contents(json, votes, act) {
  const parts = [];
  if (json.photo) parts.push(picture(json.photo.at(-1)));
  if (json.document) parts.push(file(json.document));
  if (json.voice) parts.push(note(`Voice note, ${json.voice.duration} s`));
  if (json.sticker) parts.push(element("div", "sticker", json.sticker.emoji || "Sticker"));
  if (json.location) parts.push(note(`Place: ${json.location.latitude.toFixed(3)}, ${json.location.longitude.toFixed(3)}`));
  if (json.contact) parts.push(note(`Phone number: ${json.contact.phone_number}`));
  if (json.poll) parts.push(poll(json, votes[json.poll.id] || [], act));
  const text = json.text ?? json.caption;
  if (text) {
    const words = element("div", "words");
    words.append(formatted(text, json.entities ?? json.caption_entities, act));
    parts.push(words);
  }
  return parts;
}

function meta(json) {
  const line = element("footer", "meta");
  if (json.via_bot) line.append(element("span", "via", `via @${json.via_bot.username}`));
  if (json.edit_date) line.append(element("span", "edited", "edited"));
  const time = element("time", "", clock(json.date));
  time.dateTime = new Date(json.date * 1000).toISOString();
  line.append(time);
  return line;
}

function quoted(json, act) {
  const quote = element("button", "quoted");
  quote.type = "button";
  quote.append(element("strong", "", json.from?.first_name || "Message"), element("span", "", summary(json)));
  quote.addEventListener("click", () => act.reveal(json.message_id));
  return quote;
}

function picture(size) {
  const link = element("a", "picture");
  link.href = `/page/file/${size.file_id}`;
  link.target = "_blank";
  link.rel = "noopener";
  const image = element("img");
  image.src = link.href;
  image.width = size.width;
  image.height = size.height;
  image.alt = "Picture (opens on its own)";
  image.loading = "lazy";
  link.append(image);
  return link;
}

function file(document_) {
  const link = element("a", "file");
  link.href = `/page/file/${document_.file_id}`;
  link.download = document_.file_name || "file";
  const ending = (document_.file_name || "file").split(".").at(-1).slice(0, 4).toUpperCase();
  const words = element("span", "file-words");
  words.append(element("strong", "", document_.file_name || "File"), element("small", "", size(document_.file_size)));
  link.append(element("span", "file-kind", ending), words);
  return link;
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

const note = (words) => element("div", "note", words);

function keyboard(json, act) {
  const group = element("div", "buttons");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "Buttons under the message");
  json.reply_markup.inline_keyboard.forEach((row, rowNumber) => {
    const line = element("div", "buttons-row");
    row.forEach((button, column) => {
      const key = element("button", "key", button.text);
      key.type = "button";
      if (button.style) key.classList.add(button.style);
      if (button.url) key.classList.add("leads-out");
      key.addEventListener("click", () => act.press(json.message_id, [rowNumber, column], key));
      line.append(key);
    });
    group.append(line);
  });
  return group;
}

function menuButton(message, act) {
  const button = element("button", "more quiet round", "⋯");
  button.type = "button";
  button.setAttribute("aria-label", "More about this message");
  button.setAttribute("aria-haspopup", "menu");
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    act.menu(message, button);
  });
  return button;
}

function poll(json, chosen, act) {
  const { poll: about } = json;
  const box = element("fieldset", "poll");
  const kind = about.type === "quiz" ? "Quiz" : about.is_anonymous ? "Anonymous poll" : "Poll";
  const legend = element("legend", "");
  legend.append(element("strong", "", about.question), element("small", "", about.is_closed ? "Final results" : kind));
  box.append(legend);
  const done = about.is_closed || chosen.length > 0;
  const picked = new Set();
  about.options.forEach((option, number) => box.append(pollOption(about, option, number, { done, chosen, picked, json, act })));
  if (!done && about.allows_multiple_answers) {
    const vote = element("button", "primary", "Vote");
    vote.type = "button";
    vote.addEventListener("click", () => picked.size && act.vote(json, [...picked]));
    box.append(vote);
  }
  if (done && about.explanation) box.append(element("p", "explanation", about.explanation));
  const count = about.total_voter_count;
  box.append(element("small", "poll-count", count === 1 ? "1 vote" : `${count} votes`));
  return box;
}

function pollOption(about, option, number, { done, chosen, picked, json, act }) {
  if (done) return pollResult(about, option, number, chosen);
  const line = element("label", "poll-option");
  const input = element("input");
  input.type = about.allows_multiple_answers ? "checkbox" : "radio";
  input.name = `poll-${about.id}`;
  input.addEventListener("change", () => {
    if (!about.allows_multiple_answers) act.vote(json, [number]);
    else if (input.checked) picked.add(number);
    else picked.delete(number);
  });
  line.append(input, element("span", "", option.text));
  return line;
}

function pollResult(about, option, number, chosen) {
  const line = element("div", "poll-result");
  const share = about.total_voter_count ? Math.round((100 * option.voter_count) / about.total_voter_count) : 0;
  const right = about.correct_option_ids?.includes(number);
  const mine = chosen.includes(number);
  const remark = [mine && "your vote", right && "right"].filter(Boolean).join(", ");
  const bar = element("span", "bar");
  bar.style.width = `${share}%`;
  if (about.type === "quiz") line.classList.add(right ? "right" : mine ? "not-right" : "other");
  line.append(element("span", "share", `${share} %`), element("span", "", option.text));
  if (remark) line.append(element("small", "remark", remark));
  line.append(bar);
  return line;
}

export function element(tag, className = "", text = null) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== null) made.textContent = text;
  return made;
}
