// JSON pointers (RFC 6901): the address of one value in a body.

/** The parts of a pointer: `/messages/0/role` → `["messages", "0", "role"]`. */
export function partsOf(pointer) {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The pointer made of parts. */
export function pointerOf(parts) {
  return parts.map((part) => "/" + String(part).replaceAll("~", "~0").replaceAll("/", "~1")).join("");
}

/** The pointer of a child. */
export function childOf(pointer, key) {
  return pointer + pointerOf([key]);
}

/** The pointer of what holds this value, and the value's own key. */
export function holderOf(pointer) {
  const cut = pointer.lastIndexOf("/");
  return { holder: pointer.slice(0, cut), key: partsOf(pointer.slice(cut))[0] };
}

/** Whether `pointer` lies in what `ancestor` points at, or is it. */
export function isWithin(pointer, ancestor) {
  return pointer === ancestor || pointer.startsWith(ancestor + "/");
}
