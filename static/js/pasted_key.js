// A key that somebody pasted where it does not belong: carried to the form for new keys by this tab alone, never by an address.

const CARRIED = "pasted-key";
const FOR_MS = 60_000;
const KEY = /\bsk-[\w-]{12,}/;

/** Whether a text is nothing but a key. */
export function isKey(text) {
  const found = KEY.exec(text.trim());
  return Boolean(found) && found[0] === text.trim();
}

/** The key in a longer text, or null. */
export function keyIn(text) {
  return KEY.exec(text)?.[0] ?? null;
}

/** Open the form for new keys with this one in it. */
export function carryKey(secret) {
  try {
    sessionStorage.setItem(CARRIED, JSON.stringify({ secret, at: Date.now() }));
  } catch {
    // Without storage the form opens empty.
  }
  location.assign("/keys/new/");
}

/** The key that was carried here, given out once and for a minute; null when there is none. */
export function carriedKey() {
  try {
    const { secret, at } = JSON.parse(sessionStorage.getItem(CARRIED) ?? "{}");
    sessionStorage.removeItem(CARRIED);
    return secret && Date.now() - at < FOR_MS ? secret : null;
  } catch {
    return null;
  }
}
