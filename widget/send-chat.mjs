/** <send-chat>: the launcher. All else is fetched when the chat is first opened. */

const LOOK = `
[hidden] { display: none !important }
.root { all: initial; position: fixed; z-index: 2147483000; font: max(1rem, 16px)/1.5 var(--send-font, system-ui, sans-serif) }
.launcher, .failed { box-sizing: border-box; position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem;
  max-inline-size: min(20rem, 100vw - 2rem); padding: .5rem 1.35rem; border: 2px solid #fff; border-radius: 2rem; font: inherit }
.launcher { display: flex; align-items: center; gap: .6rem; min-block-size: 3.25rem; background: var(--accent, #0b5654); color: var(--on-accent, #fff);
  font-weight: 600; cursor: pointer }
.launcher:hover { text-decoration: underline }
.launcher:focus-visible { outline: 3px solid #ffbf47; box-shadow: 0 0 0 5px #1b1b1b }
.launcher::before { content: ""; border: .5rem solid; border-radius: .35rem .35rem .35rem 0 }
.launcher[aria-expanded=true] { visibility: hidden }
.failed { inset-block-end: 5rem; border-color: #942514; background: #fff; color: #1d2528 }
@media print { .root { display: none } }`;

export async function fetchFile(path, kind = 'json') {
  const response = await fetch(new URL(path, import.meta.url));
  if (!response.ok) throw new Error(path);
  return response[kind]();
}

/** Storage may be forbidden. */
export function remember(storage, key, value) {
  try {
    if (value) globalThis[storage].setItem(key, JSON.stringify(value));
    else if (value === null) globalThis[storage].removeItem(key);
    return JSON.parse(globalThis[storage].getItem(key));
  } catch {
    return null;
  }
}

function luminance(rgb) {
  const [red, green, blue] = rgb.map((value) => (value <= 10 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4));
  return 0.05 + 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(...colours) {
  const [dark, light] = colours.map(luminance).sort((a, b) => a - b);
  return light / dark;
}

export function readablePair(accent) {
  const text = accent && [[255, 255, 255], [20, 20, 20]].find((one) => contrast(accent, one) >= 4.5);
  return text ? [accent, text] : null;
}

function toRgb(value) {
  if (!value || !CSS.supports('color', value)) return null;
  const canvas = new OffscreenCanvas(1, 1).getContext('2d');
  canvas.fillStyle = value;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
  return alpha === 255 ? [red, green, blue] : null;
}

/** The page's colours are used only where people can read them (WCAG 2.2). */
export function applyTheme(host, root) {
  const pair = readablePair(toRgb(getComputedStyle(host).getPropertyValue('--send-accent').trim()));
  ['--accent', '--on-accent'].forEach((name, at) => root.style.setProperty(name, pair ? `rgb(${pair[at]})` : ''));
}

export class SendChat extends (globalThis.HTMLElement ?? class {}) {
  api = new URL('../api/v1', import.meta.url).href;
  #root;
  #words;
  #panel;
  #launcher;
  #loading;

  async connectedCallback() {
    // An older browser shows the page's own link.
    if (!AbortSignal.any || !CSS.supports('color', 'light-dark(red, red)')) return;
    if (!this.#root) this.#build();
    const words = await fetchFile('strings/launcher.json').catch(() => ({}));
    if (!this.isConnected || this.#words) return;
    const wished = (this.closest('[lang]')?.lang ?? '').toLowerCase().split('-')[0];
    const lang = this.#root.lang = words[wished] ? wished : 'en';
    this.#words = words[lang] ?? {};
    this.#launcher.textContent = this.#words.open;
    this.#launcher.hidden = !this.#words.open;
    applyTheme(this, this.#root);
    if (remember('sessionStorage', 'send-chat') && matchMedia('(min-width: 40.01em) and (min-height: 30.01em)').matches) this.show(false);
  }

  disconnectedCallback() {
    this.#panel?.destroy();
    this.#panel = this.#loading = this.#words = undefined;
    if (this.#launcher) this.#launcher.ariaExpanded = 'false';
  }

  tell(what, detail) {
    this.dispatchEvent(new CustomEvent(`send-chat-${what}`, { bubbles: true, detail }));
  }

  async show(focus = true) {
    try {
      this.#loading ??= import('./panel.mjs').then(({ mount }) => mount(this, this.#root));
      this.#panel = await this.#loading;
    } catch (error) {
      this.#loading = undefined;
      this.#fail(error);
      return;
    }
    this.shadowRoot.querySelector('.failed')?.remove();
    if (this.#launcher.ariaExpanded === 'true' || !this.isConnected) return;
    this.#reflect(true);
    this.#panel.open(focus);
    this.tell('open');
  }

  hide() {
    if (this.#launcher.ariaExpanded !== 'true') return;
    this.#reflect(false);
    if (this.#panel.close()) this.#launcher.focus();
    this.tell('close');
  }

  #reflect(open) {
    this.#launcher.ariaExpanded = String(open);
    remember('sessionStorage', 'send-chat', open || null);
  }

  #build() {
    const shadow = this.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(LOOK);
    shadow.adoptedStyleSheets = [sheet];
    this.#root = document.createElement('div');
    this.#launcher = document.createElement('button');
    this.#root.className = 'root';
    Object.assign(this.#launcher, { className: 'launcher', type: 'button', ariaExpanded: 'false', hidden: true, onclick: () => this.show() });
    this.#launcher.setAttribute('aria-controls', 'panel');
    this.#root.append(this.#launcher);
    // The page's own link stays where it is.
    shadow.append(document.createElement('slot'), this.#root);
  }

  #fail(error) {
    const note = this.shadowRoot.querySelector('.failed') ?? document.createElement('p');
    Object.assign(note, { className: 'failed', tabIndex: -1, textContent: this.#words.failed });
    this.#root.append(note);
    note.focus();
    this.tell('error', error.message);
  }
}

if (globalThis.customElements && !customElements.get('send-chat')) customElements.define('send-chat', SendChat);
