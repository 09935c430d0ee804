// The page of the web chat: ties the wire to the view, and nothing else.

import { Listener, Queue, openSession } from "./wire.js";
import { View } from "./view.js";

const root = document.documentElement;
const $ = (id) => document.getElementById(id);
const MAX_FILES = 3;
const MAX_FILE_BYTES = 5 * 1024 * 1024;

let texts = JSON.parse(document.body.dataset.texts);
let language = root.lang;
let isChosen = new URLSearchParams(location.search).has("lang");
let isStarted = false;
let chosenFiles = [];
let typingTimer = 0;
let answeredAt = -1;
const undos = new Map();

function say(key, values = {}) {
  let text = texts[key] || "";
  for (const [name, value] of Object.entries(values)) text = text.replace(`{${name}}`, String(value));
  return text;
}

// --- language -------------------------------------------------------------------------------------------------

function dress({ language: code, dir, draft, texts: words }) {
  texts = words;
  language = code;
  root.lang = code;
  root.dir = dir;
  document.title = say("page_title");
  $("draft").hidden = !draft;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = say(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-label]")) element.setAttribute("aria-label", say(element.dataset.tLabel));
  for (const element of document.querySelectorAll("[data-t-title]")) element.title = say(element.dataset.tTitle);
  for (const element of document.querySelectorAll("[data-t-placeholder]")) element.placeholder = say(element.dataset.tPlaceholder);
  for (const link of document.querySelectorAll("[data-language]")) {
    if (link.dataset.language === code) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  showReady();
}

async function speak(code) {
  if (code === language) return;
  language = code;
  try {
    const answer = await fetch(`/web/texts/${encodeURIComponent(code)}`);
    const words = answer.ok ? await answer.json() : null;
    if (words && language === code) dress(words);
  } catch {
    // Without a connection the page keeps the words it has.
  }
}

let spoken = "";
let speakTimer = 0;
function follow(code) {
  // The bot's newest message decides; a replay brings many at once.
  spoken = code;
  clearTimeout(speakTimer);
  speakTimer = setTimeout(() => speak(spoken), 80);
}

function pickLanguage(link) {
  const code = link.dataset.language;
  isChosen = true;
  speak(code);
  send({ choice: `language:${code}`, text: link.textContent });
  $("picker").open = false;
  toInput();
}

// --- scrolling and focus --------------------------------------------------------------------------------------

const isTouch = matchMedia("(pointer: coarse)").matches;

function toInput() {
  // On a phone the keyboard would cover the answer that is about to come.
  if (!isTouch) $("text").focus({ preventScroll: true });
}

// On a phone the foot of the page stays below the screen: the answer needs the room.
function endOfTalk() {
  const foot = innerHeight < 760 ? document.querySelector("footer").offsetHeight : 0;
  return document.body.scrollHeight - foot - under;
}

// How much of the foot of the form waits under the edge of a screen that has no room for it.
let under = 0;
function fit() {
  const form = $("composer");
  const line = form.querySelector(".line");
  const isTight = document.querySelector(".bar").offsetHeight + form.offsetHeight > 0.45 * innerHeight;
  under = isTight ? Math.max(0, form.offsetHeight - line.offsetTop - line.offsetHeight - 8) : 0;
  keepingEnd(() => form.style.setProperty("--under", `${-under}px`));
}

function isAtEnd(tolerance = 160) {
  return innerHeight + scrollY >= endOfTalk() - tolerance;
}

// What comes and goes at the end must not push the end out of sight.
function keepingEnd(change) {
  const wasAtEnd = isStarted && isAtEnd();
  change();
  if (wasAtEnd) toEnd();
}

function toEnd() {
  const bar = document.querySelector(".bar").offsetHeight;
  const fresh = [...document.querySelectorAll("#log ol > li")].reverse();
  const own = fresh.findIndex((item) => item.classList.contains("own"));
  const first = own > 0 ? fresh[own - 1] : own === 0 ? fresh[0] : fresh[fresh.length - 1];
  const end = endOfTalk() - innerHeight;
  // An answer longer than the screen is read from its beginning.
  const top = first ? first.getBoundingClientRect().top + scrollY - bar - 12 : end;
  scrollTo({ top: Math.max(0, Math.min(end, top)), behavior: "auto" });
  // Its buttons may lie below the edge: say so.
  $("newer").hidden = isAtEnd(40);
}

// --- sending --------------------------------------------------------------------------------------------------

function setTyping(isTyping) {
  clearTimeout(typingTimer);
  keepingEnd(() => {
    $("typing").hidden = !isTyping;
  });
  if (isTyping) typingTimer = setTimeout(() => setTyping(false), 45000);
}

const queue = new Queue((message, state, code) => {
  keepingEnd(() => view.setState(message.id, state, state === "failed" ? () => send(message) : null));
  if (state === "sending") message.sentAt = performance.now();
  if (state === "sent") {
    // The answer may have overtaken the confirmation.
    if (answeredAt < message.sentAt) setTyping(true);
    undos.delete(message.id);
  }
  if (state === "failed") {
    setProblem(texts[`error_${code}`] || say("error_refused"));
    const undo = undos.get(message.id);
    if (undo) undo();
  }
  if (state === "kept" && !navigator.onLine) setStatus(say("offline"));
});

function send({ text = "", choice = "", files = [] }) {
  isStarted = true;
  $("start").hidden = true;
  $("picker").open = false;
  setProblem("");
  const message = { text, choice, files, language: isChosen ? language : "" };
  const sent = queue.add(message);
  view.addPending(sent);
  toEnd();
  return sent;
}

function setProblem(text) {
  keepingEnd(() => {
    $("problem").textContent = text;
    $("problem").hidden = !text;
  });
}

function setStatus(text) {
  if ($("status").textContent === text) return;
  keepingEnd(() => {
    $("status").textContent = text;
  });
}

function showReady() {
  keepingEnd(() => {
    $("ready").hidden = !chosenFiles.length;
    $("ready").querySelector("span").textContent = say("pictures_ready", { n: chosenFiles.length });
  });
}

function takeFiles(files) {
  setProblem("");
  if (chosenFiles.length + files.length > MAX_FILES) setProblem(say("error_too_many_files"));
  else if (files.some((file) => file.size > MAX_FILE_BYTES)) setProblem(say("error_file_too_large"));
  else chosenFiles = [...chosenFiles, ...files];
  showReady();
}

function grow() {
  const box = $("text");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, innerHeight / 3)}px`;
}

function submit() {
  const text = $("text").value.trim();
  if (!text && !chosenFiles.length) return;
  send({ text, files: chosenFiles });
  $("text").value = "";
  chosenFiles = [];
  showReady();
  grow();
  $("text").focus({ preventScroll: true });
}

// --- leaving --------------------------------------------------------------------------------------------------

let isLeaving = false;
async function leave() {
  if (isLeaving) return;
  isLeaving = true;
  root.classList.add("gone");
  document.title = "…";
  listener.close();
  const forgotten = fetch("/web/leave", { method: "POST", keepalive: true }).catch(() => null);
  // Out of sight at once; the cookie is taken away on the way out, even when the network is slow.
  await Promise.race([forgotten, new Promise((done) => setTimeout(done, 400))]);
  location.replace($("exit").href);
}

// --- the conversation -----------------------------------------------------------------------------------------

const view = new View($("log"), say, {
  choice(choice, isByKeyboard, undo) {
    const sent = send({ choice: choice.id, text: choice.title });
    undos.set(sent.id, undo);
    if (isByKeyboard) $("text").focus({ preventScroll: true });
  },
});

let busyTimer = 0;
function quietly() {
  // A replayed conversation is not read aloud from its beginning.
  $("log").setAttribute("aria-busy", "true");
  clearTimeout(busyTimer);
  busyTimer = setTimeout(() => $("log").removeAttribute("aria-busy"), 400);
}

let isReplaying = true;
const listener = new Listener({
  open() {
    setStatus("");
    $("resume").hidden = true;
    quietly();
  },
  message(event) {
    if (isReplaying) quietly();
    const wasAtEnd = isReplaying || isAtEnd();
    isStarted = true;
    $("start").hidden = true;
    if (!view.show(event)) return;
    if (event.from === "bot" && event.language) follow(event.language);
    if (event.from === "bot") answeredAt = performance.now();
    setTyping(event.from === "person");
    if (wasAtEnd) toEnd();
    else if (event.from === "bot") $("newer").hidden = false;
    clearTimeout(this.settled);
    this.settled = setTimeout(() => {
      isReplaying = false;
    }, 400);
  },
  lost() {
    if (!navigator.onLine) setStatus(say("offline"));
    else this.late = setTimeout(() => listener.source?.readyState !== EventSource.OPEN && setStatus(say("offline")), 4000);
  },
  erased() {
    reset();
    setStatus(say("erased"));
    $("picker").open = true;
    $("start").hidden = false;
    isStarted = false;
    $("status").scrollIntoView({ block: "center" });
  },
  reset() {
    reset();
  },
  moved() {
    setStatus(say("moved"));
    $("resume").hidden = false;
    $("resume").scrollIntoView({ block: "center" });
  },
  left() {
    reset();
    setStatus(say("left"));
  },
}, () => view.last);

function reset() {
  view.clear();
  queue.clear();
  setTyping(false);
  $("newer").hidden = true;
  isReplaying = true;
}

// --- wiring ---------------------------------------------------------------------------------------------------

root.classList.add("js");
$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
$("text").addEventListener("input", grow);
$("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  submit();
});
$("files").addEventListener("change", (event) => {
  takeFiles([...event.target.files]);
  event.target.value = "";
  $("text").focus({ preventScroll: true });
});
$("ready").querySelector("button").addEventListener("click", () => {
  chosenFiles = [];
  showReady();
  $("text").focus({ preventScroll: true });
});
$("newer").addEventListener("click", () => {
  scrollTo({ top: endOfTalk() - innerHeight });
  toInput();
});
addEventListener("scroll", () => {
  if (isAtEnd(40)) $("newer").hidden = true;
}, { passive: true });
$("pick").addEventListener("click", (event) => {
  event.preventDefault();
  $("picker").open = true;
  scrollTo({ top: 0 });
  $("picker").querySelector("[aria-current]").focus({ preventScroll: true });
  $("picker").scrollIntoView({ block: "nearest" });
});
$("picker").addEventListener("click", (event) => {
  const link = event.target.closest("[data-language]");
  if (!link) return;
  event.preventDefault();
  pickLanguage(link);
});
$("human").addEventListener("click", () => send({ text: "HUMAIN" }));
$("erase").addEventListener("click", () => {
  $("erasing").returnValue = "";
  $("erasing").showModal();
});
$("erasing").addEventListener("close", () => {
  if ($("erasing").returnValue === "yes") send({ text: "EFFACER" });
  toInput();
});
$("resume").querySelector("button").addEventListener("click", () => listener.open());
$("exit").addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});
$("exit").addEventListener("keydown", (event) => {
  if (event.key !== " ") return;
  event.preventDefault();
  leave();
});
new ResizeObserver(fit).observe($("composer"));
addEventListener("resize", fit);
let escapedAt = -10000;
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || event.repeat) return;
  if (event.timeStamp - escapedAt < 1500) leave();
  escapedAt = event.timeStamp;
}, true);
addEventListener("offline", () => setStatus(say("offline")));
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

async function begin() {
  try {
    const { started } = await openSession();
    isStarted = isStarted || started;
    if (started && !isChosen) $("picker").open = false;
    listener.open();
  } catch {
    setStatus(say("offline"));
    listener.later();
  }
}

quietly();
begin();
