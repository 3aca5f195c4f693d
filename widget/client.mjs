/** The only caller of the chat API, and what this browser remembers: never a word of any message. */

import { alive, answered, begun, fresh, newestId, parseEvents, received, sending, withPerson } from './conversation.mjs';

export const KEY = 'send-chat';

const PATIENCE = 20_000; // milliseconds: twice the longest the gateway waits for an answer
const POLL = 5000;
const KINDS = { 400: 'invalid', 401: 'gone', 403: 'gone', 404: 'gone', 410: 'gone', 413: 'invalid', 422: 'invalid', 429: 'busy' };

export class Failure extends Error {
  constructor(kind, detail) {
    super(detail);
    this.kind = kind;
  }
}

export function client(base, signal) {
  async function fetched(method, chat, path, body, ends) {
    const headers = { 'Content-Type': 'application/json', ...(chat && { Authorization: `Bearer ${chat.token}` }) };
    const url = `${base}/conversations${chat ? `/${chat.id}` : ''}${path}`;
    const options = { method, headers, body: body && JSON.stringify(body), signal: AbortSignal.any([signal, ends]), cache: 'no-store' };
    const response = await fetch(url, options).catch(() => { throw new Failure(globalThis.navigator?.onLine === false ? 'offline' : 'down'); });
    if (response.ok) return response;
    throw new Failure(KINDS[response.status] ?? 'down', (await response.json().catch(() => ({}))).detail);
  }

  async function call(method, chat, path, body) {
    const response = await fetched(method, chat, path, body, AbortSignal.timeout(PATIENCE));
    const text = await response.text().catch(() => { throw new Failure('down'); });
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

  /** Until `ends`, pass on news from the stream; where streams do not get through, ask now and then. */
  async function follow(chat, newest, on, refresh, ends) {
    while (!ends.aborted) {
      await refresh();
      await listen(chat, newest(), on, ends).catch(() => {});
      await new Promise((resolve) => { setTimeout(resolve, POLL); });
    }
  }

  return { call, follow };
}

/** Storage may be forbidden or full; then nothing is remembered and everything else still works. */
export function recall(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}

export function keep(key, value) {
  try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* not remembered */ }
}

export const look = () => ({ easy: false, size: '1', space: 'normal', font: 'normal', theme: 'auto', ...recall('send-chat-look') });
export const setLook = (changes) => keep('send-chat-look', { ...look(), ...changes });

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
    addEventListener('storage', ({ key }) => key === KEY && this.#adopt(recall(KEY)), { signal });
    addEventListener('online', () => this.state.failure?.kind === 'offline' && this.retry(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden || this.refresh(), { signal });
  }

  call(method, path, body) {
    return this.#api.call(method, this.state, path, body);
  }

  begin(note) {
    const saved = recall(KEY);
    return this.#work(async () => {
      if (!alive(saved, Date.now())) return this.#create(note);
      Object.assign(this.state, saved);
      const reply = await this.call('GET', '/messages').catch(unlessGone);
      return reply ? received(this.state, reply) : this.#create('ended');
    });
  }

  async #create(note) {
    const reply = await this.#api.call('POST', null, '', { reading_mode: look().easy ? 'easy' : 'standard' });
    const { id, token, expires } = this.state = { ...begun(this.state, reply), waiting: true };
    keep(KEY, { id, token, expires });
    this.#set(this.state, note);
    return this.state;
  }

  async send(body, label) {
    if (this.state.waiting) return;
    this.state = sending(this.state, body, () => crypto.randomUUID(), label);
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
    return answered(this.state, reply);
  }

  async refresh() {
    const { id, waiting } = this.state;
    if (!id || waiting) return;
    const reply = await this.call('GET', `/messages?after=${newestId(this.state)}`).catch(() => null);
    if (reply && this.state.id === id && !this.state.waiting) this.#set(received(this.state, reply));
  }

  /** Change how answers are worded. Where the server does not word the last answer again itself, `request` asks for it. */
  async reading(mode, request) {
    if (!this.state.id) return;
    const reply = await this.call('PATCH', '', { reading_mode: mode }).catch(() => null);
    if (reply?.messages.length) this.#set(received(this.state, reply));
    else if (this.state.messages.some(({ citations }) => citations?.length)) await this.send({ text: request });
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
  }

  restart(note) {
    keep(KEY, null);
    this.#set(fresh());
    return this.begin(note);
  }

  #adopt(saved) {
    if (this.state.waiting || saved?.id === this.state.id) return;
    this.#set(fresh());
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

  #set(state, note) {
    this.state = state;
    this.#changed(state, note);
    if (!withPerson(state)) this.#following = this.#following?.abort();
    else if (!this.#following) {
      this.#following = new AbortController();
      const ends = AbortSignal.any([this.#following.signal, this.#signal]);
      this.#api.follow(state, () => newestId(this.state), (news) => this.#set(received(this.state, news)), () => this.refresh(), ends);
    }
  }
}
