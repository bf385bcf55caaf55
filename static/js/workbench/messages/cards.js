// The conversation as cards: role, text or parts, order. Files pasted or dropped on a card become its parts.

import { html, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { childOf } from "../../document/pointer.js";
import { spelled } from "../../document/spelling.js";
import { count, t } from "../../texts.js";
import { jsonArea } from "../form/controls.js";
import { fieldsOfObject } from "../form/fields.js";
import { itemSwitch, members } from "../form/nested.js";
import { row } from "../form/row.js";
import { shapeAt, shapesOf } from "../form/shapes.js";
import { words } from "../desk.js";
import { icon } from "../icons.js";
import { filesOf, pickFiles, readFiles } from "./files.js";
import { parts, textIn, writtenIn } from "./parts.js";
import { tokensOf } from "./tokens.js";

let dragged = null;

/** The cards of a conversation, or of one text where the dialect takes that instead. */
export function conversation(form, dialect, list) {
  if (form.draft.typeOf(list) === "string") return oneText(form, list);
  const tokens = form.draft.items(list);
  const take = (event, transfer) => takeOnList(form, dialect, list, event, transfer);
  return html`<div
    class="message-list"
    @dragover=${allowFiles}
    @drop=${(event) => take(event, event.dataTransfer)}
    @paste=${(event) => take(event, event.clipboardData)}
  >
    ${repeat(tokens, (token) => token, (token) => card(form, dialect, list, token))}
    <div class="message-foot">
      <button class="btn btn-ghost btn-sm" type="button" @click=${() => addMessage(form, dialect, list)}>${icon("plus", "small")}${t("Message")}</button>
      <button class="btn btn-ghost btn-sm" type="button" @click=${() => attach(form, dialect, list)}>${icon("paperclip", "small")}${t("Attachment")}</button>
      <span>${t("Paste or drop files on a message")}</span>
    </div>
  </div>`;
}

// A responses call takes a plain text as well as a conversation.
function oneText(form, list) {
  const toMessages = () => form.edit((draft) => draft.set(list, `[{"role": "user", "content": ${draft.get(list)}}]`));
  return html`<article class="message">
    <header class="message-head">
      ${choice(t("Form of the input"), [
        { label: t("Text"), chosen: true, act: () => {} },
        { label: t("Messages"), chosen: false, act: toMessages },
      ])}
    </header>
    <div class="message-body">${textIn(form, list, t("Text of the input"))}</div>
  </article>`;
}

/** Content that belongs to no message: Anthropic's `system`, Gemini's `systemInstruction`. */
export function loneContent(form, dialect, pointer, inside) {
  const content = pointer + inside;
  const drop = (event) => takeFiles(form, dialect, content, "user", event, event.dataTransfer ?? event.clipboardData);
  return html`<article class="message" data-pointer=${content} @paste=${drop} @dragover=${allowFiles} @drop=${drop}>
    ${dialect.onlyParts ? nothing : html`<header class="message-head">${textOrParts(form, dialect, content)}${tokenCount(form, dialect, content)}</header>`}
    <div class="message-body">${contentBody(form, dialect, content, contentShapes(form, pointer, inside))}</div>
  </article>`;
}

function contentShapes(form, pointer, inside) {
  const parameter = form.desk.table.parameters.find((each) => `/${each.name}` === pointer);
  const shapes = shapesOf(parameter?.type ?? "any");
  if (!inside) return shapes;
  const object = form.objects[shapes[0].object];
  return fieldsOfObject(object).find((field) => `/${field.key}` === inside)?.shapes ?? [];
}

// --- one message --------------------------------------------------------------------------------------------------

function card(form, dialect, list, token) {
  const pointer = childOf(list, token);
  return guard([pointer, form.draft.length(list), ...form.standing(pointer)], () => drawnCard(form, dialect, list, token, pointer));
}

function drawnCard(form, dialect, list, token, pointer) {
  const index = Number(token);
  const off = pointer in form.draft.off;
  const role = form.draft.string(`${pointer}/role`);
  const object = objectOf(form, list, pointer);
  const reason = words(form.draft.off[pointer]?.reason);
  const problems = form.problemsWithin(pointer);
  const drop = (event) => dropOn(form, dialect, list, index, `${pointer}/${dialect.content}`, role, event);
  return html`<article
    class="message ${off ? "is-off" : ""} ${problems.length ? "is-bad" : ""}"
    data-pointer=${pointer}
    aria-label=${t("Message {n}", { n: count(form.draft.items(list).indexOf(token) + 1) })}
    @paste=${(event) => takeFiles(form, dialect, `${pointer}/${dialect.content}`, role, event, event.clipboardData)}
    @dragover=${allowFiles}
    @drop=${drop}
  >
    <header class="message-head">
      ${off ? itemSwitch(form, pointer, true) : grip(form, list, index)} ${roleMenu(form, dialect, pointer, role)}
      ${role === undefined || dialect.onlyParts ? nothing : textOrParts(form, dialect, `${pointer}/${dialect.content}`, role)}
      ${role === undefined && !dialect.onlyParts ? nothing : tokenCount(form, dialect, `${pointer}/${dialect.content}`)}
      ${actions(form, list, pointer, index)}
    </header>
    ${reason ? html`<p class="param-reason">${icon("triangle-alert", "small")}${reason}</p>` : nothing}
    ${problems.length ? html`<p class="param-problem">${icon("circle-alert", "small")}${problems[0]}</p>` : nothing}
    <div class="message-body">${body(form, dialect, pointer, role, object)}</div>
  </article>`;
}

function objectOf(form, list, pointer) {
  const parameter = form.desk.table.parameters.find((each) => `/${each.name}` === list);
  const shapes = shapesOf(parameter?.type ?? "any").filter((shape) => shape.kind === "array").flatMap((shape) => shape.of);
  const shape = shapeAt(form.draft, pointer, shapes, form.objects);
  return form.objects[shape?.object];
}

function body(form, dialect, pointer, role, object) {
  const fields = fieldsOfObject(object);
  // An item that is no message (a tool call of the responses dialect) shows its fields; its type stands in the head.
  if (role === undefined && !dialect.onlyParts) {
    if (!object) return jsonArea(form, { row: { name: t("Item") } }, pointer, form.draft.get(pointer));
    return fieldRows(form, pointer, fields, Object.keys(object.discriminator ?? {}));
  }
  const content = fields.find((field) => field.key === dialect.content);
  return html`
    ${contentBody(form, dialect, `${pointer}/${dialect.content}`, content?.shapes ?? [], role)}
    ${fieldRows(form, pointer, fields, ["role", dialect.content, "type"])}
  `;
}

// The fields that the card does not show by itself: those that are set, and all of them when asked for.
function fieldRows(form, pointer, fields, shown) {
  const rest = fields.filter((field) => !shown.includes(field.key));
  if (form.isOpen(pointer)) return html`<div class="message-fields">${members(form, rest, pointer, shown)}</div>`;
  const set = rest.filter((field) => form.draft.get(pointer + field.pointer) !== undefined);
  if (!set.length) return nothing;
  return html`<div class="message-fields">${repeat(set, (field) => field.key, (field) => row(form, field, pointer, { plain: true }))}</div>`;
}

function contentBody(form, dialect, content, shapes, role) {
  const type = form.draft.typeOf(content);
  if (type === "array") {
    const own = shapes.filter((shape) => shape.kind === "array").flatMap((shape) => shape.of);
    return html`${parts(form, dialect, content, own)} ${addPart(form, dialect, content, role)}`;
  }
  if (type === "string" || type === "null" || type === undefined) return firstWriting(form, dialect, content);
  return jsonArea(form, { row: { name: t("Content") } }, content, form.draft.get(content));
}

function firstWriting(form, dialect, content) {
  if (!dialect.onlyParts) return textIn(form, content, t("Text of the message"));
  const write = (event) => form.set(content, `[${dialect.text(spelled(event.target.value))}]`);
  return html`<textarea class="grow message-text" rows="1" aria-label=${t("Text of the message")} placeholder=${t("Write here")} @change=${write}></textarea>`;
}

// --- the head of a message ----------------------------------------------------------------------------------------

function grip(form, list, index) {
  const move = async (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const to = index + step;
    if (!step || to < 0 || to >= form.draft.length(list)) return;
    event.preventDefault();
    form.move(list, index, to);
    await form.updateComplete;
    form.querySelector(`[data-pointer="${childOf(list, to)}"] .message-grip`)?.focus();
  };
  const begin = (event) => {
    dragged = { list, index };
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  };
  const label = t("Move message {n}: drag, or arrow keys", { n: index + 1 });
  return html`<button class="message-grip" type="button" draggable="true" title=${label} aria-label=${label} @keydown=${move} @dragstart=${begin} @dragend=${() => (dragged = null)}>
    ${icon("grip-vertical", "small")}
  </button>`;
}

function roleMenu(form, dialect, pointer, role) {
  if (role === undefined && !dialect.onlyParts) {
    return html`<span class="role-pill role-item mono">${form.draft.string(`${pointer}/type`) ?? form.draft.typeOf(pointer)}</span>`;
  }
  const roles = role === undefined || dialect.roles.includes(role) ? dialect.roles : [...dialect.roles, role];
  return html`<span class="role-pill role-${role ?? "user"}">
    <select aria-label=${t("Role")} @change=${(event) => form.set(`${pointer}/role`, spelled(event.target.value))}>
      ${role === undefined ? html`<option selected hidden></option>` : nothing}
      ${roles.map((each) => html`<option .selected=${live(each === role)} ?selected=${each === role}>${each}</option>`)}
    </select>
    ${icon("chevron-down", "small")}
  </span>`;
}

function textOrParts(form, dialect, content, role) {
  const type = form.draft.typeOf(content);
  const isParts = type === "array";
  const plain = isParts ? plainText(form, dialect, content) : null;
  const toParts = () => form.edit((draft) => draft.set(content, `[${dialect.text(draft.get(content) ?? '""', role)}]`));
  const toText = () => form.edit((draft) => draft.set(content, plain));
  return choice(t("Form of the content"), [
    { label: t("Text"), chosen: !isParts, act: isParts ? toText : () => {}, why: isParts && plain === null ? t("It holds more than one plain text") : "" },
    { label: t("Parts"), chosen: isParts, act: isParts ? () => {} : toParts },
  ]);
}

// The text of parts that are one plain text; null where turning them into a text would lose something.
function plainText({ draft }, dialect, content) {
  const [only, ...more] = draft.items(content);
  const pointer = childOf(content, only ?? "");
  if (only === undefined) return '""';
  const keys = draft.keys(pointer).filter((key) => key !== "type");
  const { kind, at } = dialect.read(draft, pointer);
  return !more.length && draft.sends(pointer) && kind === "text" && keys.length === 1 ? draft.get(pointer + at) : null;
}

function choice(label, choices) {
  return html`<span class="segments" role="group" aria-label=${label}>
    ${choices.map(
      ({ label: word, chosen, act, why }) =>
        html`<button type="button" aria-pressed=${chosen} ?disabled=${Boolean(why)} title=${why || nothing} @click=${act}>${word}</button>`,
    )}
  </span>`;
}

function tokenCount(form, dialect, content) {
  const tokens = tokensOf(writtenIn(form, dialect, content) ?? "");
  return html`<span class="message-tokens figure" title=${t("Estimated from the text")}>≈ ${count(tokens)} tok</span>`;
}

function actions(form, list, pointer, index) {
  const open = form.isOpen(pointer);
  const sent = !Number.isNaN(index);
  const button = (name, label, act, expanded = nothing) =>
    html`<button class="btn btn-ghost btn-square btn-sm" type="button" title=${label} aria-label=${label} aria-expanded=${expanded} @click=${act}>${icon(name, "small")}</button>`;
  return html`<span class="message-actions">
    ${button("sliders-horizontal", open ? t("Fewer fields of this message") : t("All fields of this message"), () => form.toggle(pointer), open)}
    ${sent ? button("eye-off", t("Do not send this message"), () => form.edit((draft) => draft.switchOff(pointer))) : nothing}
    ${sent ? button("copy", t("Duplicate this message"), () => form.duplicate(list, index)) : nothing}
    ${button("trash-2", t("Delete this message"), () => form.removeItem(pointer))}
  </span>`;
}

// --- adding -------------------------------------------------------------------------------------------------------

function addMessage(form, dialect, list) {
  const last = form.draft.string(`${list}/${form.draft.length(list) - 1}/role`);
  const answering = dialect.roles.includes("model") ? "model" : "assistant";
  const content = dialect.onlyParts ? `[${dialect.text('""')}]` : '""';
  const text = `{"role": "${last === "user" ? answering : "user"}", "${dialect.content}": ${content}}`;
  form.edit((draft) => (draft.typeOf(list) === "array" ? draft.insert(list, draft.length(list), text) : draft.set(list, `[${text}]`)));
  focusLast(form, list);
}

async function focusLast(form, list) {
  await form.updateComplete;
  form.querySelector(`[data-pointer="${childOf(list, form.draft.length(list) - 1)}"] .message-text`)?.focus();
}

function addPart(form, dialect, content, role) {
  const add = (text) => form.edit((draft) => draft.insert(content, draft.length(content), text));
  const pick = async () => addFiles(form, dialect, content, role, await pickFiles());
  const button = (name, label, act) => html`<button class="btn btn-ghost btn-sm" type="button" @click=${act}>${icon(name, "small")}${label}</button>`;
  return html`<div class="part-adding">
    ${button("type", t("Text"), () => add(dialect.text('""', role)))} ${button("image", t("Picture by address"), () => add(spelled(dialect.imageAt("https://"))))}
    ${button("paperclip", t("File"), pick)}
  </div>`;
}

async function attach(form, dialect, list) {
  const files = await pickFiles();
  if (files.length) await addToLastMessage(form, dialect, list, files);
}

// Beside the messages a file is for the last one of the user.
function takeOnList(form, dialect, list, event, transfer) {
  const files = filesOf(transfer);
  if (!files.length || event.defaultPrevented) return;
  event.preventDefault();
  addToLastMessage(form, dialect, list, files);
}

async function addToLastMessage(form, dialect, list, files) {
  const tokens = form.draft.items(list).filter((token) => form.draft.string(`${list}/${token}/role`) === "user" && !token.startsWith("off:"));
  if (!tokens.length) addMessage(form, dialect, list);
  const token = tokens.at(-1) ?? String(form.draft.length(list) - 1);
  await addFiles(form, dialect, `${list}/${token}/${dialect.content}`, "user", files);
}

async function addFiles(form, dialect, content, role, files) {
  const read = await readFiles(files);
  if (!read.length) return;
  form.edit((draft) => {
    let next = inParts(draft, dialect, content, role);
    for (const file of read) next = next.insert(content, next.length(content), spelled(dialect.media(file)));
    return next;
  });
}

// A text becomes a part before others join it; an empty one leaves.
function inParts(draft, dialect, content, role) {
  if (draft.typeOf(content) === "array") return draft;
  const text = draft.get(content);
  const empty = text === undefined || text === '""' || text === "null";
  return draft.set(content, empty ? "[]" : `[${dialect.text(text, role)}]`);
}

function takeFiles(form, dialect, content, role, event, transfer) {
  const files = filesOf(transfer);
  if (!files.length) return;
  event.preventDefault();
  event.stopPropagation();
  addFiles(form, dialect, content, role, files);
}

function allowFiles(event) {
  if (dragged || event.dataTransfer.types.includes("Files")) event.preventDefault();
}

function dropOn(form, dialect, list, index, content, role, event) {
  if (dragged?.list === list && !Number.isNaN(index)) {
    event.preventDefault();
    if (dragged.index !== index) form.move(list, dragged.index, index);
  } else takeFiles(form, dialect, content, role, event, event.dataTransfer);
}
