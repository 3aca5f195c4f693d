/** Live parts of the pages on requests. Everything works without it; the page is then loaded again by hand. */

const SIGN_OF_LIFE = 20_000; // milliseconds between two signs that this page is still open
const csrf = document.querySelector('meta[name=csrf-token]').content;
const note = document.getElementById('live-note');
const request = location.pathname.match(/^\/staff\/requests\/[0-9a-f]+/)?.[0];

/** A request that nobody asked for: it keeps no session alive and is no new look in the audit log. */
function background(method, address, kind) {
  return new Promise((resolve) => {
    const call = new XMLHttpRequest(); // parses a page without the script sinks that Trusted Types forbid
    call.open(method, address);
    call.responseType = kind;
    call.setRequestHeader('X-Background', '1');
    call.setRequestHeader('X-CSRF-Token', csrf);
    call.onloadend = () => resolve(call.status === 200 && !call.responseURL.includes('/sign-in') ? call.response : null);
    call.send();
  });
}

/** Somebody is typing there, or has typed: that part stays as it is. */
function inUse(part) {
  const fields = [...part.querySelectorAll('input:not([type=hidden]), select, textarea')];
  const changed = (field) => ('options' in field
    ? [...field.options].some((option) => option.selected !== option.defaultSelected)
    : field.value !== field.defaultValue);
  return fields.some((field) => field === document.activeElement || changed(field)) || part.querySelector('details[open]:not([data-was-open])');
}

/** Put the new part in place; the focus stays on the link or button where it was. */
function swap(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const place = focused && [...old.querySelectorAll('a, button')].indexOf(focused);
  const name = focused?.getAttribute('href') ?? focused?.textContent;
  const next = document.importNode(fresh, true);
  old.replaceWith(next);
  if (!focused) return;
  const candidates = [...next.querySelectorAll('a, button')];
  const same = candidates.find((each) => (each.getAttribute('href') ?? each.textContent) === name);
  (same ?? candidates[place] ?? document.getElementById('main')).focus({ preventScroll: true });
}

/** What a form sends along must be what the page shows. */
function follow(fresh) {
  for (const name of ['version', 'newest']) {
    const value = fresh.querySelector(`input[name=${name}]`)?.value;
    if (value !== undefined) for (const field of document.querySelectorAll(`input[name=${name}]`)) field.value = value;
  }
}

const words = (part) => part.textContent.replace(/\s+/g, ' ').replace(/(less than a minute|\d+ (minutes?|hours?|days)) ago/g, '');

async function look() {
  // The page may be the answer to a form, at an address that only takes forms.
  const fresh = await background('GET', request ?? location.pathname + location.search, 'document');
  if (!fresh) return;
  let said = '';
  for (const part of document.querySelectorAll('[data-live]')) {
    const next = fresh.getElementById(part.id);
    if (!next || part.isEqualNode(next) || inUse(part)) continue;
    if (words(part) !== words(next) && part.id !== 'history') {
      const more = Number(next.dataset.count) > Number(part.dataset.count);
      said = (more && note?.dataset.newFlag) || said || note?.dataset.changed || '';
    }
    swap(part, next);
  }
  follow(fresh);
  if (note && said) note.textContent = said;
}

let looking = Promise.resolve();
let wanted = false;

/** However fast news comes, one look runs at a time and one more after it. */
function lookSoon() {
  if (wanted) return;
  wanted = true;
  looking = looking.then(() => { wanted = false; return look(); });
}

function listen() {
  const news = new EventSource('/staff/events');
  // Between the loading of the page and here, or in a break of the connection, something may have been missed.
  news.addEventListener('ready', () => { lookSoon(); document.documentElement.dataset.live = 'yes'; });
  news.addEventListener('changed', lookSoon);
  news.addEventListener('ended', () => news.close());
  addEventListener('pagehide', () => news.close());
  addEventListener('pageshow', ({ persisted }) => persisted && listen());
}

for (const part of document.querySelectorAll('[data-needs-script]')) part.hidden = false;
for (const part of document.querySelectorAll('[data-until-script]')) part.hidden = true;
for (const button of document.querySelectorAll('[data-insert]')) {
  button.addEventListener('click', () => {
    const [from, into] = [document.querySelector(button.dataset.insert), document.querySelector(button.dataset.into)];
    if (from.value) into.setRangeText(from.value, into.selectionStart, into.selectionEnd, 'end');
    into.focus();
  });
}
if (request) setInterval(() => document.hidden || background('POST', `${request}/presence`, 'text'), SIGN_OF_LIFE);
document.querySelector('.errors')?.focus();
listen();
