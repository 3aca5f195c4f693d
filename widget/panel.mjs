/** The chat panel: frame, box for typing, keyboard, options, request for a person. */

import { Chat, escapeCounter, fault, forget, length, LIMIT, look, readingMode, setLook } from './client.mjs';
import { button, h, readableDate, tips, transcript } from './render.mjs';
import { applyTheme, fetchFile } from './send-chat.mjs';

const SMALL = matchMedia('(max-width: 40em), (max-height: 30em)');
const NEAR = 100;

export async function mount(host, root) {
  const [css, strings] = await Promise.all([fetchFile('send-chat.css', 'text'), fetchFile(`strings/${root.lang}.json`)]);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  const { shadowRoot } = host;
  shadowRoot.adoptedStyleSheets = [shadowRoot.adoptedStyleSheets[0], sheet];
  return new Panel(host, root, strings);
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
    const chat = new Chat(host.api, (state) => this.#show(state), this.#end.signal);
    const language = root.lang === 'en' ? 'en-GB' : root.lang;
    Object.assign(this, { host, root, t, chat, language, tips: tips() });
    this.transcript = transcript({
      t, host, language, explain: this.tips.explain, retry: () => chat.retry(), person: () => this.view('handover'),
      choose: ({ id, label }) => chat.send({ choice: id }, label), copy: (...what) => this.#copy(...what),
      feedback: (id, rating) => chat.call('POST', `/messages/${id}/feedback`, rating).catch(() => {}),
    });
    this.#build(t);
    this.style();
    this.#follow(this.#end.signal);
  }

  #build(t) {
    this.title = h('h2', { id: 'title', tabindex: -1 }, t('title'));
    this.easy = button(t('easy'), () => this.#setEasy(!look().easy), { role: 'switch', class: 'easy' });
    this.status = h('p.status', { hidden: true });
    this.page = h('section.view', { hidden: true });
    this.input = h('textarea', {
      id: 'question', rows: 1, autocomplete: 'off', enterkeyhint: 'send', dir: 'auto', 'aria-describedby': 'error count hint',
      oninput: () => this.#measure(), onkeydown: (event) => event.key === 'Enter' && !event.shiftKey && !event.isComposing && this.#send(event),
    });
    this.error = h('p.error', { id: 'error' });
    this.count = h('p', { id: 'count' });
    this.submit = h('button.primary', t('send'));
    this.form = h('form.composer', { onsubmit: (event) => this.#send(event) }, h('label', { for: 'question' }, t('question')), this.error,
      h('div.entry', this.input, this.submit), h('div.under', h('p', { id: 'hint' }, t('hint')), this.count));
    this.box = h('dialog.panel', { id: 'panel', 'aria-labelledby': 'title' },
      h('header', this.title, button(t('leave'), () => this.leave(), { title: t('leave_hint') }),
        button('✕', () => this.host.hide(), { 'aria-label': t('close') })),
      h('div.bar', { role: 'group', 'aria-label': t('bar') }, button(t('handover'), () => this.view('handover')), this.easy,
        button(t('settings'), () => this.view('settings'))),
      this.transcript.log, this.page, this.status, this.form, this.tips.element);
    this.root.append(this.box);
  }

  #measure(text) {
    if (text !== undefined) this.input.value = text;
    const { input, count } = this;
    const left = LIMIT - length(input.value);
    count.textContent = left > NEAR ? '' : this.t(left < 0 ? 'over' : 'left', { count: Math.abs(left) });
    count.className = left < 0 ? 'over' : '';
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
      this.#measure('');
      this.chat.send({ text });
    }
  }

  /** What was not sent comes back into an empty box, until a retry has sent it. */
  #giveBack({ failure, pending }) {
    const { input } = this;
    const text = pending?.body.text;
    if (failure && text && !input.value) this.#measure(this.#unsent = text);
    if (!pending && input.value && input.value === this.#unsent) this.#measure('');
  }

  #show(state) {
    const { host, status } = this;
    const focused = host.shadowRoot.activeElement;
    this.transcript.show(state);
    this.#giveBack(state);
    this.submit.ariaDisabled = String(state.waiting);
    status.hidden = /none|collecting/.test(state.handover);
    status.textContent = this.t(`handover_${state.handover}`);
    const mode = readingMode(state);
    this.#markEasy(this.#mode && mode && mode !== this.#mode ? mode === 'easy' : look().easy);
    this.#mode = mode;
    if (focused && !focused.isConnected) this.input.focus();
    host.tell('message', state.messages.at(-1)?.status);
  }

  #markEasy(easy) {
    if (easy !== look().easy) setLook({ easy });
    this.easy.ariaChecked = String(easy);
  }

  async #setEasy(easy) {
    this.#markEasy(easy);
    if (!await this.chat.reading(easy ? 'easy' : 'standard')) this.#markEasy(!easy);
  }

  async #copy(text, control) {
    this.transcript.say(control.textContent = this.t(await navigator.clipboard?.writeText(text).then(() => 'copied', () => null) ?? 'not_copied'));
  }

  view(name) {
    const { page, t } = this;
    if (name) this.opener = this.host.shadowRoot.activeElement;
    this.transcript.log.hidden = this.form.hidden = Boolean(name);
    page.hidden = !name;
    if (name) {
      page.replaceChildren(button(t('back'), () => this.view()), h('h3', { tabindex: -1 }, t(name)), ...PAGES[name](this));
      page.children[1].focus();
    } else (this.opener?.isConnected ? this.opener : this.input).focus();
  }

  /** The view goes first: the network may be slow. */
  leave() {
    this.destroy();
    document.documentElement.hidden = true;
    forget();
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
      if (!this.tips.element.hidden) this.tips.hide();
      else if (this.page.hidden) this.host.hide();
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
    this.box.close();
    this.box[SMALL.matches ? 'showModal' : 'show']();
    this.#fit();
    focused?.focus({ preventScroll: true });
  }

  /** Into what the on-screen keyboard leaves visible. */
  #fit() {
    const { height, offsetTop, scale } = visualViewport;
    const { style } = this.box;
    style.setProperty('--room', `${height * scale}px`);
    style.setProperty('--above', `${scale > 1 ? 0 : offsetTop}px`);
  }

  close() {
    const inside = this.box.contains(this.host.shadowRoot.activeElement);
    this.tips.hide();
    window.speechSynthesis?.cancel();
    this.box.close();
    return inside;
  }

  destroy() {
    this.#end.abort();
    this.box.remove();
  }
}

const LOOKS = { size: ['1', '2', '3'], theme: ['auto', 'light', 'dark', 'contrast'], space: ['normal', 'wide'], font: ['normal', 'plain'] };

const radios = (t, name, values, chosen, onchange) => h('fieldset', { onchange }, h('legend', t(name)),
  values.map((value) => h('label.tick', h('input', { type: 'radio', name, value, checked: value === chosen }), t(`${name}_${value}`, 'normal'))));

async function copy({ chat, t }, print) {
  const text = await chat.call('GET', '/transcript');
  const page = print && open('', '_blank');
  if (page) {
    page.document.title = t('title');
    page.document.body.append(text);
    page.document.body.style.whiteSpace = 'pre-wrap';
    page.print();
  } else h('a', { href: URL.createObjectURL(new Blob([text])), download: t('file') }).click();
}

function settings(panel) {
  const { chat, t, language } = panel;
  const note = h('p.error', { tabindex: -1 });
  const attempt = (work) => work.catch((failure) => {
    note.textContent = t(`fail_${failure.kind}`);
    note.focus();
  });
  const again = () => {
    panel.view();
    panel.input.focus();
  };
  const sure = h('div.row', { hidden: true }, button(t('delete_yes'), () => attempt(chat.remove().then(again)), { class: 'danger' }),
    button(t('delete_no'), () => { sure.hidden = true; ask.focus(); }));
  const ask = button(t('delete'), () => { sure.hidden = false; sure.firstChild.focus(); }, { class: 'danger' });
  const { expires } = chat.state;
  return [
    ...Object.entries(LOOKS).map(([name, values]) => radios(t, name, values, look()[name], ({ target }) => { setLook({ [name]: target.value }); panel.style(); })),
    h('h4', t('keep')), h('div.row', button(t('print'), () => attempt(copy(panel, true))), button(t('save'), () => attempt(copy(panel)))),
    h('h4', t('kept')), h('p', t('kept_what')), expires && h('p', t('kept_until', { date: readableDate(expires, language) })), ask, sure, note,
    h('h4', t('new')), button(t('new_start'), () => { chat.restart(); chat.begin(); again(); }),
  ].filter(Boolean);
}

/** Nothing is sent without consent and a way to reply. */
function handover(panel) {
  const { chat, page, t } = panel;
  const errors = h('div.summary', { tabindex: -1, hidden: true });
  const field = (name, kind, props) => h('div.field', h('label', { for: `h-${name}` }, t(name)), h(kind, { id: `h-${name}`, name, ...props }));
  const tick = (name, checked) => h('label.tick', h('input', { name, type: 'checkbox', checked }), t(name));
  const ways = { email: field('email', 'input', { type: 'email', autocomplete: 'email' }), phone: field('phone', 'input', { type: 'tel', autocomplete: 'tel' }) };
  const showWay = () => { for (const way in ways) ways[way].hidden = form.elements.reply.value !== way; };
  const missing = ({ reply, email, phone, summary, consent }) => [!summary && 'summary', reply === 'email' && !/\S@\S+\.\S/.test(email) && 'email',
    reply === 'phone' && !/(\d\D*){9}/.test(phone) && 'phone', !consent && 'consent'].filter(Boolean);

  function complain(names, words = names.map((name) => t(`need_${name}`))) {
    for (const control of form.elements) control.ariaInvalid = String(names.includes(control.name));
    errors.replaceChildren(...words.map((line) => h('p', line)));
    errors.hidden = false;
    errors.focus();
  }

  function done({ reference, expected_reply: when }) {
    page.replaceChildren(h('h3', { tabindex: -1 }, t('asked')), h('p', t('reference', { reference })), h('p', when), h('p', t('asked_stay')),
      button(t('back'), () => panel.view(), { class: 'primary' }));
    page.firstChild.focus();
  }

  async function onsubmit(event) {
    event.preventDefault();
    const values = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));
    const names = missing(values);
    if (form.ariaBusy === 'true') return;
    if (names.length) return complain(names);
    const { name, summary, reply, [reply]: address, share } = values;
    const body = { name: name || null, [reply]: address, preferred_contact: reply, summary, consent: true, share_transcript: Boolean(share) };
    form.ariaBusy = 'true';
    await chat.askForPerson(body).then(done, (failure) => complain([], [failure.message || t(`fail_${failure.kind}`)]));
    form.ariaBusy = 'false';
  }

  const form = h('form', { novalidate: true, onsubmit }, errors, field('summary', 'textarea', { rows: 3, maxlength: 2000 }),
    radios(t, 'reply', ['chat', 'email', 'phone'], 'chat', () => showWay()), ways.email, ways.phone, field('name', 'input', { autocomplete: 'name' }),
    tick('share', true), tick('consent'), h('button.primary', t('person_send')));
  showWay();
  return [h('p', t('person_intro')), form];
}

const PAGES = { settings, handover };
