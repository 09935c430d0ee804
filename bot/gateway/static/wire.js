// The wire of the web chat: session, messages that wait until they are stored, events.
// Knows nothing of the page. Keeps nothing on the device: what is here is gone when the page is closed.

const REFUSED = new Set([400, 403, 408, 413, 415]);

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Plain http on another machine of the network: no randomUUID there.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export async function openSession() {
  for (let turn = 0; turn < 2; turn += 1) {
    const answer = await fetch("/web/session", { method: "POST" });
    if (answer.ok) return answer.json();
    // A cookie of another installation is refused once and taken away.
    if (answer.status !== 403) break;
  }
  throw new Error("no session");
}

async function post(item) {
  const form = new FormData();
  form.set("client_msg_id", item.id);
  if (item.language) form.set("language", item.language);
  if (item.text) form.set("text", item.text);
  if (item.choice) form.set("choice", item.choice);
  for (const file of item.files) form.append("file[]", file, "image");
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), item.files.length ? 300000 : 30000);
  try {
    return await fetch("/web/messages", { method: "POST", body: form, signal: stop.signal });
  } finally {
    clearTimeout(timer);
  }
}

async function codeOf(answer) {
  try {
    return (await answer.json()).error;
  } catch {
    return "refused";
  }
}

// Sends one message after the other, the same id each time, until the server has it or refuses it.
export class Queue {
  constructor(onState) {
    this.onState = onState;
    this.items = [];
    this.failures = 0;
    this.isBusy = false;
    addEventListener("online", () => this.pump());
  }

  add(item) {
    this.items.push({ id: newId(), files: [], ...item });
    const added = this.items[this.items.length - 1];
    this.pump();
    return added;
  }

  async pump() {
    if (this.isBusy) return;
    this.isBusy = true;
    clearTimeout(this.timer);
    while (this.items.length) {
      const wait = await this.send(this.items[0]);
      if (wait) {
        this.timer = setTimeout(() => this.pump(), wait);
        break;
      }
    }
    this.isBusy = false;
  }

  // Milliseconds to wait before the next try; 0 when the item is done with.
  async send(item) {
    this.onState(item, "sending");
    let answer = null;
    try {
      answer = await post(item);
      if (answer.status === 401 || (answer.status === 403 && (await codeOf(answer.clone())) === "forged_session")) {
        await openSession();
        answer = await post(item);
      }
    } catch {
      answer = null;
    }
    if (answer && answer.ok) {
      // An unread body keeps the connection occupied.
      answer.text().catch(() => null);
      this.items.shift();
      this.failures = 0;
      this.onState(item, "sent");
      return 0;
    }
    if (answer && REFUSED.has(answer.status)) {
      this.items.shift();
      this.onState(item, "failed", await codeOf(answer));
      return 0;
    }
    this.failures += 1;
    for (const waiting of this.items) this.onState(waiting, "kept");
    const asked = answer ? Number(answer.headers.get("Retry-After")) * 1000 : 0;
    return asked || Math.min(30000, 1000 * 2 ** Math.min(this.failures, 5));
  }

  clear() {
    this.items = this.isBusy ? this.items.slice(0, 1) : [];
  }
}

// Listens to the conversation and connects again by itself; `on` holds a function for each event.
export class Listener {
  constructor(on, seen) {
    this.on = on;
    this.seen = seen;
    this.failures = 0;
    this.hiddenAt = 0;
    addEventListener("online", () => this.open());
    document.addEventListener("visibilitychange", () => {
      // A sleeping phone keeps a dead connection that no event ever tells of.
      if (document.hidden) this.hiddenAt = Date.now();
      else if (this.source && Date.now() - this.hiddenAt > 30000) this.open();
    });
  }

  open() {
    this.close();
    const source = new EventSource(`/web/events?after=${this.seen()}`);
    this.source = source;
    source.onopen = () => {
      this.failures = 0;
      this.on.open();
    };
    source.onmessage = (event) => this.on.message(JSON.parse(event.data));
    source.onerror = () => {
      this.on.lost();
      if (source.readyState === EventSource.CLOSED) this.later();
    };
    for (const name of ["erased", "reset"]) source.addEventListener(name, () => this.on[name]());
    for (const name of ["moved", "left"]) {
      source.addEventListener(name, () => {
        this.close();
        this.on[name]();
      });
    }
  }

  later() {
    this.close();
    this.failures += 1;
    this.timer = setTimeout(async () => {
      try {
        await openSession();
        this.open();
      } catch {
        this.later();
      }
    }, Math.min(30000, 1000 * 2 ** Math.min(this.failures, 5)));
  }

  close() {
    clearTimeout(this.timer);
    if (this.source) this.source.close();
    this.source = null;
  }
}
