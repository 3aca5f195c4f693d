/** Messages to page elements. Text only ever becomes text nodes; only https, tel, sms and mailto links are made. */

/** h('p.note', {id}, ...children): functions among the properties become listeners; empty children are left out. */
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
  return date.toLocaleDateString(language === 'en' ? 'en-GB' : language, { day: 'numeric', month: 'long', year: 'numeric' });
}

const NUMBER = /\+?\d(?: ?\d){2,}/g;
// In running text only what is surely a helpline: emergency numbers, 116 xxx, and numbers with a leading 0.
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

export function link(url, label, t) {
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

/** Elements for a message's blocks, or for its plain text. One broken block never loses the rest. */
export function renderBlocks({ status, text, blocks, terms }, does) {
  const urgent = status === 'safeguarding';
  const context = { ...does, say: urgent ? (words) => dialled(String(words), 'tel', HELPLINE) : explainer(terms, does.explain) };
  const all = blocks?.length ? [...blocks] : (text ?? '').split(/\n+/).map((words) => ({ type: 'paragraph', text: words }));
  if (urgent) all.sort((a, b) => (b.type === 'contact') - (a.type === 'contact'));
  return all.map((block) => {
    try {
      return BLOCKS[block.type](block, context);
    } catch {
      return block?.text && h('p', String(block.text));
    }
  });
}

export function renderSources(citations = [], { t, language }) {
  const sources = citations.map(({ title, source }) => ({ title, ...source }));
  const kind = (source) => t(`kind_${source.kind}`, 'kind');
  return sources.length && h('details.sources', h('summary', h('b', t(sources[1] ? 'sources' : 'source')), ` ${[...new Set(sources.map(kind))].join(' · ')}`),
    h('ul', sources.map((source) => h('li', h('span.kind', kind(source)), ' ', link(source.url, [source.title, source.section].filter(Boolean).join(', '), t),
      source.checked && h('span.note', ` ${t('checked_on', { date: readableDate(source.checked, language) })}`)))));
}

function feedback(id, { t, feedback: send }) {
  const group = h('span.feedback', t('feedback_question'));
  const finish = () => {
    group.replaceChildren(h('span', { tabindex: -1 }, t('feedback_thanks')));
    group.firstChild.focus();
  };
  const ask = () => {
    const input = h('input', { id: `why-${id}`, maxlength: 500 });
    const onsubmit = (event) => {
      event.preventDefault();
      if (input.value.trim()) send(id, { helpful: false, comment: input.value.trim() });
      finish();
    };
    group.replaceChildren(h('form', { onsubmit }, h('label', { for: input.id }, t('feedback_why')), input, h('button', t('send'))));
    input.focus();
  };
  const rate = (word, helpful, next) => button(t(word), () => { send(id, { helpful }); next(); }, { 'aria-label': t(`feedback_${word}`) });
  group.append(rate('yes', true, finish), rate('no', false, ask));
  return group;
}

const choiceList = (choices, press, t) => h('ul.choices', { 'aria-label': t('choices') }, choices.map((choice) => h('li', button(choice.label, () => press(choice)))));

function renderMessage(message, does) {
  const { id, sender, status = '', text, choices, citations } = message;
  const { t } = does;
  const own = sender === 'user';
  const body = h('div.body', { dir: 'auto' }, own ? h('p', text) : renderBlocks(message, does), renderSources(citations, does));
  return h(`li.message.${sender}.${status}`, { 'aria-live': own && 'off' }, h('p.who', t(`from_${sender}`)), body,
    choices?.length && choiceList(choices, does.choose, t), status === 'handover_offer' && button(t('handover'), does.person, { class: 'primary' }),
    citations?.length && h('div.tools', { role: 'group', 'aria-label': t('tools'), 'aria-live': 'off' }, feedback(id, does),
      window.speechSynthesis && button(t('listen'), ({ currentTarget }) => does.listen(currentTarget, body)), button(t('copy'), () => does.copy(text))));
}

function failed({ failure: { kind, message }, pending }, { t, host, retry }) {
  const own = [...host.querySelectorAll('a')].map((anchor) => anchor.cloneNode(true));
  const help = own.length ? own : [link(t('fallback_url'), t('fallback_contact'), t)];
  return h('li.message.failure', h('p', t(`fail_${kind}`), kind === 'invalid' && ` ${message}`), pending && h('p', t('not_sent')),
    kind !== 'invalid' && button(t('retry'), retry),
    /down|offline/.test(kind) && [h('p', t('meanwhile')), h('ul', help.map((one) => h('li', one))), h('p', t('danger'))]);
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
    const known = shown.get(message.id);
    if (known?.key === key) return known.node;
    const node = renderMessage(message, does);
    known?.node.replaceWith(node);
    shown.set(message.id, { key, node });
    return node;
  }

  function ending(state) {
    const [first, second] = state.messages;
    if (state.failure) return failed(state, does);
    if (state.waiting) return h('li.typing', h('span.dots', h('i'), h('i'), h('i')), t(state.pending ? 'looking' : 'starting'));
    return first && !second && !first.choices?.length && h('li', choiceList(does.suggestions, does.choose, t));
  }

  function reveal(node) {
    const start = node.previousSibling?.matches('.user') ? node.previousSibling : node;
    const scroller = log.scrollHeight > log.clientHeight + 1 ? log : log.parentNode;
    scroller.scrollTop += start.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 12;
  }

  /** The list is filled before it is attached, so old messages are not read out. */
  function show(state) {
    const { messages, pending } = state;
    const all = pending ? [...messages, { id: pending.id, sender: 'user', text: pending.label }] : messages;
    for (const id of shown.keys()) if (!all.some((message) => message.id === id)) shown.delete(id);
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
  let timer;
  const hide = () => {
    const shown = !element.hidden;
    element.hidden = true;
    return shown;
  };
  // The pointer may travel from the word to the explanation without losing it.
  const onpointerleave = () => { timer = setTimeout(hide, 300); };
  const onpointerenter = () => clearTimeout(timer);
  const explain = (term, meaning) => {
    const open = ({ currentTarget }) => {
      onpointerenter();
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
  element.addEventListener('pointerenter', onpointerenter);
  element.addEventListener('pointerleave', onpointerleave);
  return { element, explain, hide };
}
