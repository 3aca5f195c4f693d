/** Messages to page elements and speech. Text becomes text nodes only. */

/** h('p.note', { id, onclick }, ...children) */
export function h(kind, ...children) {
  const [tag, ...classes] = kind.split('.');
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(' ');
  const props = children[0]?.constructor === Object ? children.shift() : {};
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') node.addEventListener(name.slice(2), value);
    else if (value != null && value !== false) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter(Boolean));
  return node;
}

export const button = (label, onclick, props) => h('button', { type: 'button', onclick, ...props }, label);

export const safeUrl = (text) => (/^https:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : null);

export function readableDate(text, language) {
  const date = /^\d{4}-\d\d-\d\d/.test(text) ? new Date(text.length > 10 ? text : `${text}T12:00`) : NaN;
  if (Number.isNaN(+date)) return text;
  return date.toLocaleDateString(language, { dateStyle: 'long' });
}

const NUMBER = /\+?\d(?: ?\d){2,}/g;
// In running text only what is surely a helpline.
const HELPLINE = /\b(?:999|112|111|101|116 ?\d{3}|0\d(?: ?\d){8,9})\b/g;

function dialled(text, scheme = 'tel', pattern = NUMBER) {
  const parts = [];
  let end = 0;
  for (const { 0: number, index } of text.matchAll(pattern)) {
    parts.push(text.slice(end, index), h('a', { href: `${scheme}:${number.replaceAll(' ', '')}` }, number));
    end = index + number.length;
  }
  return [...parts, text.slice(end)];
}

function link(url, label, t) {
  const href = safeUrl(url);
  return href ? h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, label, h('span.vh', t('new_tab'))) : label;
}

export function explainer(terms = {}, explain) {
  const left = new Map(Object.entries(terms));
  const words = [...left.keys()].sort((a, b) => b.length - a.length).map((term) => term.replace(/[^\p{L}\d ]/gu, '\\$&'));
  const pattern = new RegExp(`(?<![\\p{L}\\d])(${words.join('|') || '$^'})(?![\\p{L}\\d])`, 'u');
  return (text) => String(text).split(pattern).map((part) => {
    const meaning = left.get(part);
    return meaning && left.delete(part) ? explain(part, meaning) : part;
  });
}

const pairs = (kind, rows) => h(kind, rows.map(([name, value]) => h('div', h('dt', name), h('dd', value))));

function card(block, { say, t, language }) {
  const { name, what, description = what, phone, text_number: number, email, url, hours, ages, checked, assured, note, type } = block;
  const rows = Object.entries({
    phone: phone && dialled(phone), text_number: number && dialled(number, 'sms'),
    email: /^[^\s@?&:]+@[^\s@?&]+$/.test(email) ? h('a', { href: `mailto:${email}` }, email) : email,
    url: safeUrl(url) && link(url, safeUrl(url).hostname.replace('www.', ''), t),
    hours, ages, checked: checked && readableDate(checked, language),
  }).filter(([, value]) => value).map(([key, value]) => [t(key), value]);
  return h(`div.card.${type}`, h('p.name', name), description && h('p', say(description)), rows.length && pairs('dl', rows),
    [assured === true ? t('assured') : assured, note].map((line) => line && h('p.note', say(line))));
}

function table({ columns, rows, caption }, { say, t }) {
  const row = (cells) => h('tr', cells.map((cell, at) => h(at ? 'td' : 'th', { scope: at ? null : 'row' }, say(cell))));
  return h('div.wide', { role: 'group', tabindex: 0, 'aria-label': caption ?? t('table') }, h('table', caption && h('caption', caption),
    h('thead', h('tr', columns.map((column) => h('th', { scope: 'col' }, say(column))))), h('tbody', rows.map(row))));
}

const line = (kind) => ({ text }, { say }) => h(kind, say(text));
const list = (kind) => ({ items }, { say }) => h(kind, items.map((item) => h('li', say(item))));
const dates = ({ items }, { language }) => pairs('dl.dates', items.map(({ label, date }) => [label, readableDate(date, language)]));
const BLOCKS = { paragraph: line('p'), heading: line('h3'), notice: line('p.notice'), steps: list('ol'), list: list('ul'), table, contact: card, service: card, dates };

/** One broken block never loses the rest. */
function renderBlocks({ status, text, blocks, terms }, does) {
  const say = status === 'safeguarding' ? (words) => dialled(String(words), 'tel', HELPLINE) : explainer(terms, does.explain);
  const context = { ...does, say };
  const all = blocks?.length ? blocks : (text ?? '').split(/\n+/).map((words) => ({ type: 'paragraph', text: words }));
  return all.map((block) => {
    try {
      return BLOCKS[block.type](block, context);
    } catch {
      return block?.text && h('p', String(block.text));
    }
  });
}

function renderSources(citations = [], { t, language }) {
  const sources = citations.map(({ title, source }) => ({ title, ...source }));
  const kind = (source) => t(`kind_${source.kind}`, 'kind');
  return sources.length && h('details.sources', { ontoggle: ({ target }) => target.scrollIntoView({ block: 'nearest' }) }, h('summary', h('b', t(sources[1] ? 'sources' : 'source')), ` ${[...new Set(sources.map(kind))].join(' · ')}`),
    h('ul', sources.map((source) => h('li', h('span.kind', kind(source)), ' ', link(source.url, [source.title, source.section].filter(Boolean).join(', '), t),
      source.checked && h('span.note', ` ${t('checked_on', { date: readableDate(source.checked, language) })}`)))));
}

function feedback(id, { t, feedback: send }) {
  const group = h('span.feedback', t('feedback_question'));
  const swap = (content, focused = content) => {
    group.replaceChildren(content);
    focused.focus();
    group.scrollIntoView({ block: 'nearest' });
  };
  const finish = () => swap(h('span', { tabindex: -1 }, t('feedback_thanks')));
  const ask = () => {
    const input = h('input', { id: `why-${id}`, maxlength: 500 });
    const onsubmit = (event) => {
      event.preventDefault();
      const comment = input.value.trim();
      if (comment) send(id, { helpful: false, comment });
      finish();
    };
    swap(h('form', { onsubmit }, h('label', { for: input.id }, t('feedback_why')), input, h('button', t('send'))), input);
  };
  const rate = (word, helpful, next) => button(t(word), () => { send(id, { helpful }); next(); }, { 'aria-label': t(`feedback_${word}`) });
  group.append(rate('yes', true, finish), rate('no', false, ask));
  return group;
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

function listen(control, body, { t, language }) {
  const again = reading === control;
  const stop = () => {
    if (reading) reading.textContent = t('listen');
    reading = null;
    CSS.highlights?.clear();
  };
  const ended = () => reading === control && stop();
  stop();
  speechSynthesis.cancel();
  if (again) return;
  const nodes = textNodes(body);
  const utterance = new SpeechSynthesisUtterance(nodes.map(({ data }) => data).join(' '));
  Object.assign(utterance, {
    lang: language, onboundary: ({ charIndex }) => reading === control && mark(nodes, charIndex), onend: ended, onerror: ended,
  });
  reading = control;
  control.textContent = t('stop');
  speechSynthesis.speak(utterance);
}

const choiceList = (choices, press, t) => h('ul.choices', { 'aria-label': t('choices') }, choices.map((choice) => h('li', button(choice.label, () => press(choice)))));

function renderMessage(message, does) {
  const { id, sender, status = '', text, choices = [], citations } = message;
  const { t } = does;
  const own = sender === 'user';
  const person = status === 'handover_offer' && t('handover');
  const offered = choices.filter(({ label }) => label !== person);
  const body = h('div.body', { dir: 'auto' }, own ? h('p', text) : renderBlocks(message, does), renderSources(citations, does));
  return h(`li.message.${sender}.${status}`, { 'aria-live': own && 'off' }, h('p.who', t(`from_${sender}`)), body,
    person && button(person, does.person, { class: 'primary' }), offered.length && choiceList(offered, does.choose, t),
    citations?.length && h('div.tools', { role: 'group', 'aria-label': t('tools'), 'aria-live': 'off' }, feedback(id, does),
      window.speechSynthesis && button(t('listen'), ({ currentTarget }) => listen(currentTarget, body, does)), button(t('copy'), ({ currentTarget }) => does.copy(text, currentTarget))));
}

function failed({ failure: { kind, message }, pending }, { t, host, retry }) {
  const help = [...host.querySelectorAll('a')].map((anchor) => anchor.cloneNode(true));
  if (!help.length) help.push(link(t('fallback_url'), t('fallback_contact'), t));
  return h('li.message.failure', h('p', t(`fail_${kind}`), kind === 'invalid' && ` ${message}`), pending && h('p', t('not_sent')),
    kind !== 'invalid' && button(t('retry'), retry),
    /down|offline|busy/.test(kind) && [h('p', t('meanwhile')), h('ul', help.map((one) => h('li', one))), h('p', t('danger'))]);
}

export function transcript(does) {
  const { t } = does;
  const list = h('ol');
  const log = h('div.log', { role: 'log', 'aria-label': t('log'), tabindex: 0 });
  const spoken = h('p.vh');
  const shown = new Map();
  let last;

  function item(message) {
    const key = JSON.stringify(message);
    if (shown.get(message.id)?.key !== key) shown.set(message.id, { key, node: renderMessage(message, does) });
    return shown.get(message.id).node;
  }

  function ending(state) {
    if (state.failure) return failed(state, does);
    return state.waiting && h('li.typing', t(state.pending ? 'looking' : 'starting'));
  }

  function reveal(node) {
    const start = node.previousSibling?.matches('.user') ? node.previousSibling : node;
    const scroller = log.scrollHeight > log.clientHeight + 1 ? log : log.parentNode;
    scroller.scrollTop += start.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 12;
  }

  /** Filled before it is attached, the list does not read out old messages. */
  function show(state) {
    const { messages, pending, note } = state;
    const all = [...messages];
    if (note) all.unshift({ id: note, sender: 'system', text: t(note) });
    if (pending) all.push({ id: pending.id, sender: 'user', text: pending.label });
    const nodes = [...all.map(item), ending(state)].filter(Boolean);
    for (const node of [...list.children]) if (!nodes.includes(node)) node.remove();
    nodes.forEach((node, at) => { if (list.children[at] !== node) list.insertBefore(node, list.children[at]); });
    if (!list.parentNode) log.append(list, spoken);
    if (nodes.length && nodes.at(-1) !== last) reveal(nodes.at(-1));
    last = nodes.at(-1);
  }

  return { log, show, say: (words) => spoken.replaceChildren(h('span', words)) };
}

export function tips() {
  const element = h('div.tip', { id: 'tip', role: 'tooltip', hidden: true, dir: 'auto' });
  const hide = () => { element.hidden = true; };
  // The pointer may go over to the explanation.
  const onpointerleave = ({ relatedTarget }) => relatedTarget !== element && hide();
  const explain = (term, meaning) => {
    const open = ({ currentTarget }) => {
      element.textContent = meaning;
      element.hidden = false;
      const word = currentTarget.getBoundingClientRect();
      const frame = element.parentNode.getBoundingClientRect();
      const top = word.bottom + element.offsetHeight < frame.bottom ? word.bottom : word.top - element.offsetHeight;
      element.style.top = `${top - frame.top + element.parentNode.scrollTop}px`;
      element.style.left = `${Math.max(8, Math.min(word.left - frame.left, frame.width - element.offsetWidth - 8))}px`;
    };
    return button(term, open, { class: 'term', 'aria-describedby': 'tip', onfocus: open, onblur: hide, onpointerenter: open, onpointerleave });
  };
  element.addEventListener('pointerleave', hide);
  return { element, explain, hide };
}
