// Which maker a model's name speaks of, for the mark beside it.

const BRANDS = [
  [/^(gpt|o\d|chatgpt|codex|dall-e|sora|whisper|tts|text-embedding|omni-mod)/, "brand-openai"],
  [/^claude/, "brand-claude"],
  [/^(gemini|gemma|veo|imagen)/, "brand-gemini"],
  [/^(qwen|qwq|wan)/, "brand-qwen"],
  [/^deepseek/, "brand-deepseek"],
  [/^(grok)/, "brand-grok"],
  [/^(glm|cogview)/, "brand-zhipu"],
  [/^(kimi|moonshot)/, "brand-moonshot"],
  [/^(doubao|seed)/, "brand-bytedance"],
  [/^(mistral|codestral|magistral)/, "brand-mistral"],
];

/** The icon of the maker, or nothing when the name tells none. */
export function brandOf(model) {
  return BRANDS.find(([sign]) => sign.test(model))?.[1] ?? "";
}
