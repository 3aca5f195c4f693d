/** The chat panel: its frame, its box for typing, its keyboard. Loaded when the chat is first opened. */

import { Chat, keep, KEY, look, setLook } from './client.mjs';
import { escapeCounter, fault, length, LIMIT, readingMode } from './conversation.mjs';
import { button, h, tips, transcript } from './render.mjs';
import { applyTheme, fetchFile } from './send-chat.mjs';

const SMALL = matchMedia('(max-width: 40em), (max-height: 30em)');
const NEAR = 100; // characters left from which the count is shown

export async function mount(host, root) {
  const other = host.language === 'en' ? {} : fetchFile(`strings/${host.language}.json`).catch(() => ({}));
  const [english, strings, css] = await Promise.all([fetchFile('strings/en.json'), other, fetchFile('send-chat.css', 'text')]);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  host.shadowRoot.adoptedStyleSheets = [host.shadowRoot.adoptedStyleSheets[0], sheet];
  return new Panel(host, root, { ...english, ...strings });
}

class Panel {
  #end = new AbortController();
  #pressed = escapeCounter();
  #escaping;
  #begun;
  #mode;
  #unsent;

  constructor(host, root, strings) {
    const t = (key, values) => (strings[key] ?? strings[values] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name]);
    const { language } = host;
    const chat = new Chat(host.api, (...news) => this.#show(...news), this.#end.signal);
    Object.assign(this, { host, root, t, chat, language, tips: tips() });
    this.transcript = transcript({
      t, host, language, explain: this.tips.explain, suggestions: strings.suggestions.map((label) => ({ label })),
      retry: () => chat.retry(), person: () => this.view('handover'), copy: (text) => this.#copy(text),
      choose: ({ id, label }) => chat.send(id ? { choice: id } : { text: label }, label),
      feedback: (id, rating) => chat.call('POST', `/messages/${id}/feedback`, rating).catch(() => {}),
      listen: async (...speech) => (await import('./extras.mjs')).listen(...speech, t, language),
    });
    this.#build(t);
    this.style();
    this.#follow(this.#end.signal);
  }

  #build(t) {
    const { host } = this;
    this.title = h('h2', { id: 'title', tabindex: -1 }, t('title'));
    this.easy = button(t('easy'), () => this.setEasy(!look().easy), { role: 'switch', class: 'easy' });
    this.status = h('p.status', { hidden: true });
    this.page = h('section.view', { hidden: true });
    this.input = h('textarea', {
      id: 'question', rows: 1, autocomplete: 'off', enterkeyhint: 'send', dir: 'auto', 'aria-describedby': 'error count hint',
      oninput: () => this.#measure(), onkeydown: (event) => event.key === 'Enter' && !event.shiftKey && !event.isComposing && this.#send(event),
    });
    this.error = h('p.error', { id: 'error' });
    this.count = h('p.count', { id: 'count' });
    this.submit = h('button.primary', t('send'));
    this.form = h('form.composer', { onsubmit: (event) => this.#send(event) }, h('label', { for: 'question' }, t('question')), this.error,
      h('div.entry', this.input, this.submit), h('div.under', h('p', { id: 'hint' }, t('hint')), this.count));
    this.box = h(host.inline ? 'section.panel' : 'dialog.panel', { id: 'panel', 'aria-labelledby': 'title' },
      h('header', this.title, button(t('leave'), () => this.leave(), { 'aria-describedby': 'leaving' }),
        !host.inline && button('✕', () => host.hide(), { 'aria-label': t('close') }), h('span', { id: 'leaving', hidden: true }, t('leave_hint'))),
      h('div.bar', { role: 'group', 'aria-label': t('bar') }, button(t('handover'), () => this.view('handover')), this.easy,
        button(t('settings'), () => this.view('settings'))),
      this.transcript.log, this.page, this.status, this.form, this.tips.element);
    this.root.append(this.box);
  }

  #write(text) {
    this.input.value = text;
    this.#measure();
  }

  #measure() {
    const { input, count } = this;
    const left = LIMIT - length(input.value);
    count.textContent = left > NEAR ? '' : this.t(left < 0 ? 'over' : 'left', { count: Math.abs(left) });
    count.classList.toggle('over', left < 0);
    if (left >= 0) this.#complain('');
    input.style.blockSize = 'auto';
    input.style.blockSize = `${input.scrollHeight + 4}px`;
  }

  #complain(words) {
    this.error.textContent = words;
    this.input.ariaInvalid = String(Boolean(words));
    if (words) this.transcript.say(words);
  }

  #send(event) {
    event.preventDefault();
    if (this.chat.state.waiting) return;
    const text = this.input.value.trim();
    const problem = fault(text);
    if (problem) {
      this.#complain(this.t(problem));
      this.input.focus();
    } else {
      this.#write('');
      this.chat.send({ text });
    }
  }

  /** What could not be sent comes back into an empty box, and goes away again once a retry has sent it. */
  #giveBack({ failure, pending }) {
    const { input } = this;
    const text = pending?.body.text;
    if (failure && text && !input.value) this.#write(this.#unsent = text);
    if (!pending && input.value && input.value === this.#unsent) this.#write('');
  }

  #show(state, note) {
    const { t, host } = this;
    const focused = host.shadowRoot.activeElement;
    this.transcript.show(state);
    this.#giveBack(state);
    if (note) this.transcript.say(t(note));
    this.submit.ariaDisabled = String(state.waiting);
    this.status.hidden = /none|collecting/.test(state.handover);
    this.status.textContent = t(`handover_${state.handover}`);
    const mode = readingMode(state);
    if (this.#mode && mode && mode !== this.#mode) setLook({ easy: mode === 'easy' });
    this.#mode = mode;
    this.easy.ariaChecked = String(look().easy);
    if (focused && !focused.isConnected) this.input.focus();
    host.tell('message', state.messages.at(-1)?.status);
  }

  setEasy(easy) {
    setLook({ easy });
    this.easy.ariaChecked = String(easy);
    return this.chat.reading(easy ? 'easy' : 'standard', this.t(easy ? 'easy_on_message' : 'easy_off_message'));
  }

  async #copy(text) {
    this.transcript.say(this.t(await navigator.clipboard?.writeText(text).then(() => 'copied', () => null) ?? 'not_copied'));
  }

  async view(name) {
    const { page, t } = this;
    const extras = name && await import('./extras.mjs');
    if (name) this.opener = this.host.shadowRoot.activeElement;
    this.transcript.log.hidden = this.form.hidden = Boolean(name);
    page.hidden = !name;
    if (name) {
      page.replaceChildren(button(t('back'), () => this.view()), h('h3', { tabindex: -1 }, t(name)), ...extras[name](this));
      page.children[1].focus();
    } else (this.opener?.isConnected ? this.opener : this.input).focus();
  }

  /** Nothing of the chat stays on the screen or in this browser. The view goes first: a slow network then shows an empty page. */
  leave() {
    this.#end.abort();
    this.root.remove();
    document.documentElement.hidden = true;
    keep(KEY, null);
    this.host.hide();
    location.replace(this.t('leave_url'));
  }

  style() {
    Object.assign(this.root.dataset, look());
    applyTheme(this.host, this.root);
  }

  #follow(signal) {
    document.addEventListener('keydown', (event) => this.#keydown(event), { capture: true, signal });
    this.box.addEventListener('cancel', (event) => { event.preventDefault(); this.host.hide(); });
    SMALL.addEventListener('change', () => this.box.open && this.#raise(this.host.shadowRoot.activeElement), { signal });
    for (const event of ['resize', 'scroll']) visualViewport.addEventListener(event, () => this.#fit(), { signal });
  }

  #keydown(event) {
    const inside = event.composedPath().includes(this.box);
    if (!inside && !this.#escaping) return;
    this.#escaping = event.key === 'Escape';
    if (this.#pressed(event.key, Date.now())) this.leave();
    else if (inside && this.#escaping) {
      event.preventDefault();
      if (this.tips.hide()) return;
      if (this.page.hidden) this.host.hide();
      else this.view();
    }
  }

  open(focus) {
    this.#raise(focus ? (SMALL.matches ? this.title : this.input) : document.activeElement);
    if (this.#begun) this.chat.refresh();
    else this.chat.begin();
    this.#begun = true;
  }

  #raise(focused) {
    if (!this.host.inline) {
      this.box.close();
      this.box[SMALL.matches ? 'showModal' : 'show']();
    }
    this.#fit();
    focused?.focus({ preventScroll: true });
  }

  /** Keep the panel inside what the on-screen keyboard leaves visible. */
  #fit() {
    const { height, offsetTop, scale } = visualViewport;
    this.box.style.setProperty('--room', `${height * scale}px`);
    this.box.style.setProperty('--above', `${scale > 1 ? 0 : offsetTop}px`);
  }

  close() {
    const inside = this.box.contains(this.host.shadowRoot.activeElement);
    this.tips.hide();
    this.box.close?.();
    return inside;
  }

  destroy() {
    this.#end.abort();
    this.box.remove();
  }
}
