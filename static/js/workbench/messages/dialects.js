// How each dialect spells messages and the parts of their content. A pointer inside a description starts at the part.
//
// `read(draft, pointer)` tells what a part is: {kind, …} with kind text, thinking, image, audio, video, file, call, result or
// other, and where its pieces stand. `media(file)` and `text(raw)` make the JSON text of a new part; `raw` is itself JSON text.

const IMAGE_DETAIL = ["auto", "low", "high"];

/** @typedef {{name: string, mime: string, base64?: string, mark?: string}} MediaFile  An uploaded one has its mark instead. */

function addressOf({ mime, base64, mark }) {
  return mark ?? `data:${mime};base64,${base64}`;
}

const openaiChat = {
  list: "/messages",
  roles: ["system", "developer", "user", "assistant", "tool", "function"],
  content: "content",
  text: (raw) => `{"type": "text", "text": ${raw}}`,
  read(draft, pointer) {
    const type = draft.string(`${pointer}/type`);
    return (
      {
        text: { kind: "text", at: "/text" },
        refusal: { kind: "text", at: "/refusal" },
        image_url: { kind: "image", url: "/image_url/url", option: { at: "/image_url/detail", name: "detail", choices: IMAGE_DETAIL } },
        video_url: { kind: "video", url: "/video_url/url" },
        input_audio: { kind: "audio", data: "/input_audio/data", format: "/input_audio/format" },
        file: { kind: "file", url: "/file/file_data", name: "/file/filename" },
      }[type] ?? { kind: "other" }
    );
  },
  media(file) {
    const { name, mime, base64, mark } = file;
    const url = addressOf(file);
    if (mime.startsWith("image/")) return { type: "image_url", image_url: { url } };
    if (mime.startsWith("audio/")) return { type: "input_audio", input_audio: { data: mark ?? base64, format: audioFormat(mime) } };
    if (mime.startsWith("video/")) return { type: "video_url", video_url: { url } };
    return { type: "file", file: { filename: name, file_data: url } };
  },
  imageAt: (url) => ({ type: "image_url", image_url: { url } }),
};

const openaiResponses = {
  list: "/input",
  roles: ["user", "assistant", "system", "developer"],
  content: "content",
  text: (raw, role) => `{"type": "${role === "assistant" ? "output_text" : "input_text"}", "text": ${raw}}`,
  read(draft, pointer) {
    const type = draft.string(`${pointer}/type`);
    return (
      {
        input_text: { kind: "text", at: "/text" },
        output_text: { kind: "text", at: "/text" },
        refusal: { kind: "text", at: "/refusal" },
        input_image: { kind: "image", url: "/image_url", option: { at: "/detail", name: "detail", choices: IMAGE_DETAIL } },
        input_audio: { kind: "audio", data: "/input_audio/data", format: "/input_audio/format" },
        input_file: { kind: "file", url: draft.at(`${pointer}/file_url`) ? "/file_url" : "/file_data", name: "/filename" },
      }[type] ?? { kind: "other" }
    );
  },
  media(file) {
    const { name, mime, base64, mark } = file;
    const url = addressOf(file);
    if (mime.startsWith("image/")) return { type: "input_image", image_url: url };
    if (mime.startsWith("audio/")) return { type: "input_audio", input_audio: { data: mark ?? base64, format: audioFormat(mime) } };
    return { type: "input_file", filename: name, file_data: url };
  },
  imageAt: (url) => ({ type: "input_image", image_url: url }),
};

const anthropicMessages = {
  list: "/messages",
  roles: ["user", "assistant"],
  content: "content",
  text: (raw) => `{"type": "text", "text": ${raw}}`,
  read(draft, pointer) {
    const type = draft.string(`${pointer}/type`);
    if (type === "image" || type === "document") return anthropicSource(draft, pointer, type === "image" ? "image" : "file");
    return (
      {
        text: { kind: "text", at: "/text" },
        thinking: { kind: "thinking", at: "/thinking" },
        tool_use: { kind: "call", id: "/id", name: "/name", input: "/input" },
        server_tool_use: { kind: "call", id: "/id", name: "/name", input: "/input" },
        tool_result: { kind: "result", id: "/tool_use_id", output: "/content" },
      }[type] ?? { kind: "other" }
    );
  },
  media({ name, mime, base64, mark }) {
    if (mime.startsWith("image/")) return { type: "image", source: { type: "base64", media_type: mime, data: mark ?? base64 } };
    if (mime.startsWith("text/")) return { type: "document", title: name, source: { type: "text", media_type: "text/plain", data: decodedText(base64) } };
    return { type: "document", title: name, source: { type: "base64", media_type: mime, data: mark ?? base64 } };
  },
  imageAt: (url) => ({ type: "image", source: { type: "url", url } }),
};

function anthropicSource(draft, pointer, kind) {
  const name = kind === "file" ? { name: "/title" } : {};
  const source = draft.string(`${pointer}/source/type`);
  if (source === "url") return { kind, url: "/source/url", ...name };
  if (source === "base64") return { kind, data: "/source/data", mime: "/source/media_type", ...name };
  if (source === "text") return { kind: "text", at: "/source/data", ...name };
  return { kind: "other" };
}

const gemini = {
  list: "/contents",
  roles: ["user", "model"],
  content: "parts",
  onlyParts: true,
  text: (raw) => `{"text": ${raw}}`,
  read(draft, pointer) {
    const has = (key) => draft.at(`${pointer}/${key}`) !== null;
    if (has("text")) return { kind: draft.get(`${pointer}/thought`) === "true" ? "thinking" : "text", at: "/text" };
    if (has("inlineData")) return { kind: kindOfMime(draft.string(`${pointer}/inlineData/mimeType`)), data: "/inlineData/data", mime: "/inlineData/mimeType" };
    if (has("fileData")) return { kind: kindOfMime(draft.string(`${pointer}/fileData/mimeType`)), url: "/fileData/fileUri" };
    if (has("functionCall")) return { kind: "call", id: "/functionCall/id", name: "/functionCall/name", input: "/functionCall/args" };
    if (has("functionResponse")) return { kind: "result", id: "/functionResponse/name", output: "/functionResponse/response" };
    return { kind: "other" };
  },
  media: ({ mime, base64, mark }) => ({ inlineData: { mimeType: mime, data: mark ?? base64 } }),
  imageAt: (url) => ({ fileData: { mimeType: "image/png", fileUri: url } }),
};

function kindOfMime(mime = "") {
  const kind = mime.split("/")[0];
  return ["image", "audio", "video"].includes(kind) ? kind : "file";
}

function audioFormat(mime) {
  const format = mime.split("/")[1].replace("x-", "");
  return { mpeg: "mp3", wave: "wav" }[format] ?? format;
}

function decodedText(base64) {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0)));
}

/** The dialects whose calls carry messages. */
export const dialects = {
  "openai-chat": openaiChat,
  "openai-responses": openaiResponses,
  "anthropic-messages": anthropicMessages,
  gemini,
};
