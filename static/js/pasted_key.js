// A key that somebody pasted where it does not belong: carried to the form for new keys by this tab alone, never by an address.

const CARRIED = "pasted-key";
const FOR_MS = 60_000;
const KEY = /\bsk-[\w-]{12,}/;
// What looks like a key or a token to anybody; the server knows the same signs: playground/search/pasted.py.
const SECRET = new RegExp(
  [
    String.raw`\b(?:sk|tp|ak|rk|pk)[-_](?=[\w-]*[0-9A-Z]|[\w-]{24})[\w-]{12,}`,
    String.raw`\bAIza[\w-]{20,}`,
    String.raw`\bAKIA[0-9A-Z]{16}`,
    String.raw`\bgh[opsur]_[A-Za-z0-9]{30,}`,
    String.raw`\beyJ[\w-]{10,}\.[\w-]{10,}`,
    String.raw`\bBearer\s+[\w.~+/=-]{16,}`,
    "-----BEGIN [A-Z ]*PRIVATE KEY",
  ].join("|"),
);

/** Whether something in the text looks like a key: such a text is put into no address. */
export function holdsSecret(text) {
  return SECRET.test(text);
}

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
