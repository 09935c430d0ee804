// What the conversation looks like. Text reaches the page as text only (textContent), never as markup.

const LINK = /(https?:\/\/[^\s<>"\u2066-\u2069\u200e\u200f]+[^\s<>"\u2066-\u2069\u200e\u200f.,;:!?)\]»])|((?:\+33[ \u00a0\u202f]?|0)[1-9](?:[ \u00a0\u202f.]?\d{2}){4}(?!\d))/g;

export function make(name, className, text) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function addLinked(parent, text) {
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    parent.append(text.slice(from, match.index));
    const link = make("a", "", match[0]);
    link.dir = "ltr";
    if (match[1]) {
      link.href = match[1];
      link.target = "_blank";
      link.rel = "noopener noreferrer";
    } else {
      link.href = `tel:${match[2].replace(/[^\d+]/g, "")}`;
    }
    parent.append(link);
    from = match.index + match[0].length;
  }
  parent.append(text.slice(from));
}

// What is left of a text when the server has cleaned it: enough to know it again.
function bare(text) {
  return (text || "").normalize("NFC").replace(/[\s\p{C}]/gu, "").slice(0, 1000);
}

// Paragraphs at empty lines, lists where lines begin with "• ", line breaks elsewhere.
export function addText(parent, text) {
  for (const block of text.split(/\n{2,}/)) {
    let target = null;
    for (const line of block.split("\n")) {
      const isItem = line.startsWith("• ");
      const wanted = isItem ? "UL" : "P";
      if (!target || target.tagName !== wanted) {
        target = make(wanted);
        parent.append(target);
      } else if (!isItem) {
        target.append(make("br"));
      }
      if (isItem) {
        const item = make("li");
        addLinked(item, line.slice(2));
        target.append(item);
      } else {
        addLinked(target, line);
      }
    }
  }
}

export class View {
  constructor(log, say, on) {
    this.log = log;
    this.list = log.querySelector("ol");
    this.say = say;
    this.on = on;
    this.clear();
  }

  clear() {
    this.list.replaceChildren();
    this.shown = new Map();
    this.pending = new Map();
    this.newestQuestion = 0;
    this.last = 0;
  }

  // True when the event was not shown before.
  show(event) {
    if (this.shown.has(event.seq)) return false;
    this.last = Math.max(this.last, event.seq);
    const mine = event.from === "person" ? this.ownOf(event) : null;
    if (event.from === "person" && !mine && !event.text && !event.pictures) {
      this.shown.set(event.seq, null);
      return true;
    }
    const item = mine || (event.from === "person" ? this.makeOwn(event) : this.makeBot(event));
    item.dataset.seq = event.seq;
    this.shown.set(event.seq, item);
    this.place(item, event.seq);
    if (event.from === "bot" && (event.asks || event.choices.length)) this.question(event.seq);
    return true;
  }

  // In the order of the numbers; what is not stored yet comes last.
  place(item, seq) {
    const later = [...this.list.children].find((other) => other !== item && (!other.dataset.seq || Number(other.dataset.seq) > seq));
    if (later) {
      if (item.nextElementSibling !== later) this.list.insertBefore(item, later);
    } else if (item !== this.list.lastElementChild) {
      this.list.append(item);
    }
  }

  // The bubble that was shown when the message was written, once the server tells of it.
  ownOf(event) {
    const known = this.pending.get(event.client_msg_id);
    const words = bare(event.text);
    const found = known || (event.client_msg_id ? null : [...this.pending.values()].find((own) => own.text === words));
    if (!found) return null;
    this.pending.delete(found.id);
    found.state.remove();
    return found.item;
  }

  makeOwn({ text, pictures }) {
    const item = make("li", "own");
    item.append(make("span", "hidden", `${this.say("you_say")} `));
    const bubble = make("div", "bubble");
    bubble.dir = "auto";
    for (const line of text ? text.split("\n") : []) {
      const paragraph = make("p");
      paragraph.append(make("bdi", "", line));
      bubble.append(paragraph);
    }
    if (pictures) {
      const words = pictures > 1 ? this.say("pictures_sent", { n: pictures }) : this.say("picture_sent");
      bubble.append(make("p", "picture", words));
    }
    item.append(bubble);
    return item;
  }

  // Show what was written before the server has it.
  addPending(message) {
    const item = this.makeOwn({ text: message.text, pictures: message.files.length });
    const state = make("p", "state");
    item.append(state);
    this.list.append(item);
    this.pending.set(message.id, { id: message.id, text: bare(message.text), item, state });
  }

  setState(id, state, onRetry) {
    const own = this.pending.get(id);
    if (!own) return;
    own.item.classList.toggle("waiting", state === "kept" || state === "failed");
    if (state === "sent") own.state.replaceChildren();
    if (state === "sending" && !own.state.childNodes.length && !own.isSent) {
      setTimeout(() => {
        if (this.pending.has(id) && !own.state.childNodes.length && !own.isSent) own.state.textContent = this.say("sending");
      }, 1500);
    }
    own.isSent = state === "sent";
    if (state === "kept" || state === "failed") own.state.textContent = this.say(state);
    if (onRetry) {
      const retry = make("button", "plain", this.say("retry"));
      retry.type = "button";
      retry.addEventListener("click", () => {
        own.item.remove();
        this.pending.delete(id);
        onRetry();
      });
      own.state.append(" ", retry);
    }
  }

  makeBot(event) {
    const item = make("li", "bot");
    item.append(make("span", "hidden", `${this.say("bot_says")} `));
    const bubble = make("div", "bubble");
    if (event.language) item.lang = event.language;
    item.dir = event.dir;
    addText(bubble, event.text);
    for (const file of event.files) bubble.append(this.makeFile(file));
    item.append(bubble);
    if (event.choices.length) item.append(this.makeChoices(event));
    return item;
  }

  makeFile(file) {
    const paragraph = make("p", "file");
    const link = make("a", "plain", this.say("document", { name: file.name }));
    link.href = file.url;
    link.target = "_blank";
    link.rel = "noopener";
    link.append(" ", make("span", "small", this.say("new_window")));
    paragraph.append(link);
    return paragraph;
  }

  makeChoices(event) {
    const group = make("div", "choices");
    group.role = "group";
    group.setAttribute("aria-label", this.say("choices"));
    for (const choice of event.choices) {
      const button = make("button", "choice", choice.title);
      button.type = "button";
      button.addEventListener("click", (click) => {
        this.freeze(group, true);
        button.classList.add("made");
        button.append(make("span", "hidden", ` (${this.say("choice_made")})`));
        this.on.choice(choice, click.detail === 0, () => {
          button.classList.remove("made");
          button.querySelector(".hidden").remove();
          if (event.seq === this.newestQuestion) this.freeze(group, false);
        });
      });
      group.append(button);
    }
    return group;
  }

  freeze(group, isFrozen) {
    for (const button of group.querySelectorAll("button")) button.disabled = isFrozen;
  }

  // Only the newest question can be answered with its buttons.
  question(seq) {
    this.newestQuestion = Math.max(this.newestQuestion, seq);
    for (const item of this.list.querySelectorAll("li[data-seq]")) {
      const group = item.querySelector(".choices");
      if (group && Number(item.dataset.seq) < this.newestQuestion) this.freeze(group, true);
    }
  }
}
