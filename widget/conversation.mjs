/** The conversation as plain data: functions take a state and return the next one. Knows no page and no network. */

export const LIMIT = 500;

export const fresh = (known) => ({ messages: [], handover: 'none', pending: null, failure: null, waiting: false, ...known });

export const merged = (known, arrivals) => [...new Map([...known, ...arrivals].map((message) => [message.id, message])).values()];

export const begun = ({ pending }, { conversation_id: id, token, expires_at: expires, messages }) => fresh({ pending, id, token, expires, messages });

/** Length as the server counts it: code points after trimming. */
export const length = (text) => [...text.trim()].length;

export function fault(text) {
  const size = length(text);
  return size > LIMIT ? 'error_long' : size ? null : 'error_empty';
}

/** Sending the same again after a failure keeps its id, so the server does nothing twice. */
export function sending(state, body, newId, label = body.text) {
  const { pending } = state;
  const again = pending && pending.body.text === body.text && pending.body.choice === body.choice;
  return { ...state, pending: { id: again ? pending.id : newId(), body, label } };
}

export const received = (state, { messages = [], handover = state.handover }) => ({ ...state, messages: merged(state.messages, messages), handover });

/** If the server did not repeat the reader's own words, they are kept in their place. */
export function answered(state, reply) {
  const { id, label: text } = state.pending;
  const own = reply.messages.some(({ sender }) => sender === 'user') ? [] : [{ id, sender: 'user', text }];
  return received({ ...state, pending: null }, { ...reply, messages: [...own, ...reply.messages] });
}

export const newestId = ({ messages }) => messages.findLast((message) => message.created_at)?.id ?? '';

export const withPerson = ({ handover }) => /waiting|with_person/.test(handover);

export const readingMode = ({ messages }) => messages.findLast(({ sender }) => sender === 'assistant')?.reading?.mode;

export const alive = (saved, now) => Boolean(saved?.id && saved.token) && !(Date.parse(saved.expires) <= now);

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
  const field = (part, name) => [...part.matchAll(new RegExp(`^${name}: ?(.*?)\r?$`, 'gm'))].map((match) => match[1]).join('\n');
  return { events: parts.map((part) => [field(part, 'event') || 'message', field(part, 'data')]).filter(([, data]) => data), rest };
}
