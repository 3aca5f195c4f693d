/** What is opened now and then: the options, the form that asks for a person, reading aloud. */

import { look, setLook } from './client.mjs';
import { button, h, readableDate } from './render.mjs';

const LOOKS = { size: ['1', '2', '3'], theme: ['auto', 'light', 'dark', 'contrast'], space: ['normal', 'wide'], font: ['normal', 'plain'] };

const radios = (t, name, values, chosen, onchange) => h('fieldset', { onchange }, h('legend', t(name)),
  values.map((value) => h('label.tick', h('input', { type: 'radio', name, value, checked: value === chosen }), t(`${name}_${value}`))));

async function copy({ chat, t }, print) {
  const text = await chat.call('GET', '/transcript');
  const page = print && open('', '_blank');
  if (page) {
    page.document.title = t('title');
    page.document.body.append(Object.assign(page.document.createElement('pre'), { textContent: text }));
    page.document.body.firstChild.style.whiteSpace = 'pre-wrap';
    page.print();
  } else h('a', { href: URL.createObjectURL(new Blob([text])), download: t('file') }).click();
}

export function settings(panel) {
  const { chat, t, language } = panel;
  const note = h('p.error', { tabindex: -1 });
  const attempt = (work) => work.catch((failure) => {
    note.textContent = t(`fail_${failure.kind}`);
    note.focus();
  });
  const restart = async (words) => {
    panel.view();
    await chat.restart(words);
    panel.input.focus();
  };
  const sure = h('div.row', { hidden: true }, button(t('delete_yes'), () => attempt(chat.remove().then(() => restart('deleted'))), { class: 'danger' }),
    button(t('delete_no'), () => { sure.hidden = true; ask.focus(); }));
  const ask = button(t('delete'), () => { sure.hidden = false; sure.firstChild.focus(); }, { class: 'danger' });
  const { expires } = chat.state;
  return [
    ...Object.entries(LOOKS).map(([name, values]) => radios(t, name, values, look()[name], ({ target }) => { setLook({ [name]: target.value }); panel.style(); })),
    h('h4', t('keep')), h('div.row', button(t('print'), () => attempt(copy(panel, true))), button(t('save'), () => attempt(copy(panel)))),
    h('h4', t('kept')), h('p', t('kept_what')), h('p', expires ? t('kept_until', { date: readableDate(expires, language) }) : ''), ask, sure, note,
    h('h4', t('new')), h('p', t('new_hint')), button(t('new_start'), () => restart()),
  ];
}

/** Nothing is sent without consent and a way to reply. */
export function handover(panel) {
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
    if (names.length || form.ariaBusy === 'true') return complain(names);
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

let reading;

function textNodes(body) {
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  return nodes.filter(({ parentElement }) => parentElement.checkVisibility());
}

function mark(nodes, index) {
  let start = index;
  const node = nodes.find(({ length }) => start <= length || (start -= length + 1, false));
  const range = new Range();
  range.setStart(node, start);
  range.setEnd(node, start + /^\S*/.exec(node.data.slice(start))[0].length);
  CSS.highlights?.set('send-speech', new Highlight(range));
}

export function listen(control, body, t, language) {
  const again = reading === control;
  const stop = () => {
    if (reading) reading.textContent = t('listen');
    reading = null;
    CSS.highlights?.clear();
  };
  stop();
  speechSynthesis.cancel();
  if (again) return;
  const nodes = textNodes(body);
  const utterance = new SpeechSynthesisUtterance(nodes.map(({ data }) => data).join(' '));
  Object.assign(utterance, {
    lang: language === 'en' ? 'en-GB' : language, onboundary: ({ charIndex }) => reading === control && mark(nodes, charIndex),
    onend: () => reading === control && stop(), onerror: () => reading === control && stop(),
  });
  reading = control;
  control.textContent = t('stop');
  speechSynthesis.speak(utterance);
}
