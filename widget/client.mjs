/** The conversation as plain data, the chat API, and what this browser remembers: never a word. */

import { remember } from './send-chat.mjs';

export const LIMIT = 500;

export const fresh = (known) => ({ messages: [], handover: 'none', pending: null, failure: null, waiting: false, ...known });

export const merged = (known, arrivals) => [...new Map([...known, ...arrivals].map((message) => [message.id, message])).values()];

export const begun = ({ pending, note }, { conversation_id: id, token, expires_at: expires, messages }) =>
  fresh({ pending, note, id, token, expires, messages });

/** As the server counts. */
export const length = (text) => [...text.trim()].length;

export function fault(text) {
  const size = length(text);
  return size > LIMIT ? 'error_long' : size ? null : 'error_empty';
}

/** The same sent again keeps its id, so the server does nothing twice. */
export function sending(state, body, newId, label = body.text) {
  const { pending } = state;
  const again = JSON.stringify(pending?.body) === JSON.stringify(body);
  return { ...state, pending: { id: again ? pending.id : newId(), body, label } };
}

export const received = (state, { messages = [], handover = state.handover }) => ({ ...state, messages: merged(state.messages, messages), handover });

export function answered(state, reply) {
  const { id, label: text } = state.pending;
  const own = reply.messages.some(({ sender }) => sender === 'user') ? [] : [{ id, sender: 'user', text }];
  return received({ ...state, pending: null }, { ...reply, messages: [...own, ...reply.messages] });
}

export const newestId = ({ messages }) => messages.findLast((message) => message.created_at)?.id ?? '';

export const withPerson = ({ handover }) => /waiting|with_person/.test(handover);

export const readingMode = ({ messages }) => messages.findLast(({ sender }) => sender === 'assistant')?.reading?.mode;

export const alive = (saved, now) => Boolean(saved?.id && saved.token) && !(Date.parse(saved.expires) <= now);

/** Three times in five seconds, with no other key between. */
export function escapeCounter() {
  let times = [];
  return (key, now) => {
    times = key === 'Escape' ? [...times, now].filter((time) => now - time < 5000) : [];
    return times.length > 2;
  };
}

export function parseEvents(text) {
  const parts = text.split(/\r?\n\r?\n/);
  const rest = parts.pop();
  const field = (part, name) => new RegExp(`^${name}: ?(.*?)\r?$`, 'm').exec(part)?.[1];
  return { events: parts.map((part) => [field(part, 'event') ?? 'message', field(part, 'data')]).filter(([, data]) => data), rest };
}

const KEY = 'send-chat';
const LOOK = 'send-chat-look';

const PATIENCE = 20_000; // twice that of the gateway
const POLL = 5000;
const KINDS = { 400: 'invalid', 401: 'gone', 403: 'gone', 404: 'gone', 410: 'gone', 413: 'invalid', 422: 'invalid', 429: 'busy' };

const failed = (kind, detail) => Object.assign(new Error(detail), { kind });

export function client(base, signal) {
  async function fetched(method, chat, path, body, ends) {
    const headers = { 'Content-Type': 'application/json', ...(chat && { Authorization: `Bearer ${chat.token}` }) };
    const url = `${base}/conversations${chat ? `/${chat.id}` : ''}${path}`;
    const options = { method, headers, body: body && JSON.stringify(body), signal: AbortSignal.any([signal, ends]) };
    const response = await fetch(url, options).catch(() => { throw failed(globalThis.navigator?.onLine === false ? 'offline' : 'down'); });
    if (response.ok) return response;
    throw failed(KINDS[response.status] ?? 'down', (await response.json().catch(() => ({}))).detail);
  }

  async function call(method, chat, path, body) {
    const response = await fetched(method, chat, path, body, AbortSignal.timeout(PATIENCE));
    const text = await response.text().catch(() => { throw failed('down'); });
    return /json/.test(response.headers.get('Content-Type')) ? JSON.parse(text) : text;
  }

  async function listen(chat, after, on, ends) {
    const response = await fetched('GET', chat, `/events?after=${after}`, null, ends);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let buffer = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const { events, rest } = parseEvents(buffer + part.value);
      buffer = rest;
      for (const [name, data] of events) on(name === 'message' ? { messages: [JSON.parse(data)] } : JSON.parse(data));
    }
  }

  async function follow(chat, newest, on, refresh, ends) {
    while (!ends.aborted) {
      await refresh();
      await listen(chat, newest(), on, ends).catch(() => {});
      await new Promise((resolve) => { setTimeout(resolve, POLL); });
    }
  }

  return { call, follow };
}

const stored = (key, value) => remember('localStorage', key, value);

let own;
export const look = () => ({ easy: false, size: '1', space: 'normal', font: 'normal', theme: 'auto', ...stored(LOOK), ...own });
export const setLook = (changes) => stored(LOOK, own = { ...look(), ...changes });

export function forget() {
  own = look();
  stored(KEY, null);
  stored(LOOK, null);
}

// Unlike crypto.randomUUID, this works without https too.
const newId = () => URL.createObjectURL(new Blob()).slice(-36);

function unlessGone(failure) {
  if (failure.kind !== 'gone') throw failure;
}

export class Chat {
  state = fresh();
  #api;
  #changed;
  #signal;
  #following;

  constructor(base, changed, signal) {
    this.#api = client(base, signal);
    this.#changed = changed;
    this.#signal = signal;
    addEventListener('storage', ({ key }) => key === KEY && this.#adopt(stored(KEY)), { signal });
    addEventListener('online', () => this.state.failure?.kind === 'offline' && this.retry(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden || this.refresh(), { signal });
  }

  call(method, path, body) {
    return this.#api.call(method, this.state, path, body);
  }

  begin() {
    const saved = stored(KEY);
    return this.#work(async () => {
      if (!alive(saved, Date.now())) return this.#create();
      Object.assign(this.state, saved);
      const reply = await this.call('GET', '/messages').catch(unlessGone);
      return reply ? received(this.state, reply) : this.#create('ended');
    });
  }

  async #create(note = this.state.note) {
    const reply = await this.#api.call('POST', null, '', { reading_mode: look().easy ? 'easy' : 'standard' });
    const { id, token, expires } = this.state = { ...begun({ ...this.state, note }, reply), waiting: true };
    stored(KEY, { id, token, expires });
    this.#set(this.state);
    return this.state;
  }

  async send(body, label) {
    if (this.state.waiting) return;
    this.state = sending(this.state, body, newId, label);
    await this.retry();
  }

  retry() {
    return this.state.pending ? this.#work(() => this.#deliver()) : this.begin();
  }

  async #deliver() {
    const { id, body } = this.state.pending;
    const say = () => this.call('POST', '/messages', { ...body, client_message_id: id });
    if (!this.state.id) await this.#create();
    const reply = await say().catch(async (failure) => {
      if (body.choice) throw failure;
      unlessGone(failure);
      await this.#create('ended');
      return say();
    });
    return this.state.pending ? answered(this.state, reply) : this.state;
  }

  async refresh() {
    const { id, waiting } = this.state;
    if (!id || waiting) return;
    const reply = await this.call('GET', `/messages?after=${newestId(this.state)}`).catch(({ kind }) => kind);
    if (this.state.id !== id || this.state.waiting) return;
    if (reply === 'gone') this.restart('ended');
    else if (reply.messages) this.#set(received(this.state, reply));
  }

  /** The server words the last answer again. */
  async reading(mode) {
    if (!this.state.id) return true;
    try {
      const reply = await this.call('PATCH', '', { reading_mode: mode });
      this.#set({ ...received(this.state, reply), failure: null });
      return true;
    } catch (failure) {
      this.#set({ ...this.state, failure });
      return false;
    }
  }

  async askForPerson(form) {
    if (!this.state.id) await this.#create();
    const reply = await this.call('POST', '/handover', form);
    this.#set({ ...this.state, handover: reply.state, waiting: false });
    await this.refresh();
    return reply;
  }

  async remove() {
    if (this.state.id) await this.call('DELETE', '').catch(unlessGone);
    forget();
    this.restart('deleted');
  }

  /** The next question begins a new conversation. */
  restart(note) {
    stored(KEY, null);
    this.#set(fresh({ note }));
  }

  #adopt(saved) {
    if (this.state.waiting || saved?.id === this.state.id) return;
    this.#set(fresh({ note: 'ended' }));
    if (saved) this.begin();
  }

  async #work(task) {
    this.#set({ ...this.state, failure: null, waiting: true });
    try {
      this.#set({ ...await task(), waiting: false });
    } catch (failure) {
      if (!failure.kind) throw failure;
      if (!this.#signal.aborted) this.#set({ ...this.state, failure, waiting: false });
    }
  }

  #set(state) {
    this.state = state;
    this.#changed(state);
    if (!withPerson(state)) this.#following = this.#following?.abort();
    else if (!this.#following) {
      this.#following = new AbortController();
      const ends = AbortSignal.any([this.#following.signal, this.#signal]);
      this.#api.follow(state, () => newestId(this.state), (news) => this.#set(received(this.state, news)), () => this.refresh(), ends);
    }
  }
}
