// Problems in the person's words: what happened, whose fault it is, what to do. One sentence for each code.

import { bytes, count, t } from "../texts.js";

const MIB = 2 ** 20;

/** What happened, for each code that dialects, the gateway and runs can give. */
export const SENTENCES = {
  bad_key: t("The gateway does not accept this key."),
  key_expired: t("This key has expired."),
  key_spent: t("This key has used up its quota."),
  key_disabled: t("This key is switched off at the gateway."),
  insufficient_quota: t("There is not enough credit left for this call."),
  forbidden: t("This key may not do that."),
  model_not_found: t("The gateway does not know this model."),
  no_channel: t("The gateway has no channel for this model and group."),
  not_found: t("The gateway does not know this address or thing."),
  bad_request: t("The gateway could not accept the request."),
  context_too_long: t("The request is longer than the model can read."),
  too_large: t("The request is larger than the gateway takes."),
  content_filter: t("A content filter refused the request."),
  conflict: t("The gateway was busy with the same thing."),
  rate_limited: t("Too many requests; the gateway asks to slow down."),
  overloaded: t("The model is overloaded at the moment."),
  server_error: t("The gateway failed while answering."),
  gateway_setup: t("The gateway is not set up for this call."),
  not_implemented: t("The gateway does not offer this call."),
  unavailable: t("The gateway cannot be reached through its front door."),
  gateway_timeout: t("The gateway waited too long for the model."),
  html: t("The gateway answered with a web page, not with the API."),
  redirect: t("The gateway answered with a redirect, and redirects are never followed."),
  error_event: t("The answer broke off with an error."),
  cut_short: t("The answer ended without its end mark: it was cut short."),
  empty_answer: t("The gateway sent not a byte of an answer."),
  unreadable: t("The answer could not be read."),
  unexpected_answer: t("The answer has none of the forms this call can have."),
  over_limit: t("The answer is larger than this site may hold."),
  unreachable: t("The gateway cannot be reached."),
  name_not_found: t("The gateway's name was not found."),
  tls: t("The gateway's certificate cannot be trusted. Not a byte of the key was sent."),
  address_refused: t("This address is inside our own network and is not allowed."),
  timeout: t("The gateway took too long."),
  bad_answer: t("The gateway's answer contradicts itself or is not valid HTTP."),
  broken: t("The connection to the gateway broke."),
  interrupted: t("This site was restarted while the answer was coming. What had arrived is kept; the call was not sent again."),
  internal: t("Something on this site went wrong. What had come is kept."),
  busy: t("This site is busy at the moment."),
  bad_call: t("This request cannot be sent."),
  offline: t("This page has no connection to the site."),
};

function whose() {
  return {
    person: t("The request: something in it has to change"),
    key: t("The key this call went out with"),
    gateway: t("The gateway, or what stands between it and this site"),
    model: t("The model's maker"),
    us: t("This site"),
  };
}

function limits() {
  return {
    lookup: t("Looking up its name took longer than allowed."),
    connect: t("Connecting took longer than allowed."),
    first_byte: t("The first byte took longer than allowed."),
    silence: t("It was silent for longer than allowed."),
    total: t("The whole answer took longer than allowed."),
  };
}

/** Which limit of time was reached, and how much it is: runs kept from before do not tell how much. */
function tooLate({ limit, seconds, host }) {
  if (!seconds) return limits()[limit];
  const known = {
    lookup: t("The name server gave no answer for {host} within {seconds} s, the longest this site waits for it.", { host, seconds }),
    connect: t("{host} accepted no connection within {seconds} s, the longest this site waits for one.", { host, seconds }),
    first_byte: t("The gateway sent nothing within {seconds} s, the longest this site waits for an answer to begin.", { seconds }),
    silence: t("The gateway was silent for {seconds} s, the longest this site waits within an answer. What came before is kept.", { seconds }),
    total: t("The call was ended after {seconds} s, the longest one may take. What came before is kept.", { seconds }),
  };
  return known[limit];
}

/** Which limit of this site the answer reached; nothing where the problem names none. */
function tooLarge({ limit, limit_bytes: most, limit_frames: pieces }) {
  if (pieces) return t("The answer has more than {count} pieces, the most one run may have. What came before is kept.", { count: count(pieces) });
  if (!most) return "";
  const size = most < MIB ? bytes(most) : `${Math.round(most / MIB)} MiB`;
  if (limit === "event") return t("One event of the answer is larger than {size}, the most this site reads. What came before is kept.", { size });
  return t("The answer is larger than {size}, the most one run may have. What came before is kept.", { size });
}

/** What happened, in one sentence; the server's own words where the code is new to this page. */
export function whatHappened(problem) {
  const limited = tooLarge(problem) || tooLate(problem);
  return limited || SENTENCES[problem.code] || t(problem.message);
}

/** Whose fault it is. */
export function whoseFault(problem) {
  return whose()[problem.fault] ?? whose().gateway;
}

/** The upstream's own words, when they say more than our sentence. */
export function ownWords(problem) {
  if (problem.code === "over_limit" || (problem.seconds && tooLate(problem))) return "";
  const message = problem.message?.trim() ?? "";
  // A problem without an upstream's words carries our own English sentence.
  return t(message) === whatHappened(problem) ? "" : message;
}

/**
 * The ways on, in order: what a button says, which icon, what it does. While a problem is fresh, the gateway's wish to
 * wait is a retry that counts down; in a run that was kept that time is long over.
 */
export function waysOn(problem, isFresh = true) {
  const known = {
    retry: { label: t("Retry"), icon: "rotate-ccw" },
    wait: { label: t("Retry"), icon: "timer" },
    choose_key: { label: t("Choose another key"), icon: "key-round" },
    add_key: { label: t("Add a key"), icon: "key-round" },
    choose_model: { label: t("Choose another model"), icon: "boxes" },
    edit_field: { label: t("Open the request"), icon: "sliders-horizontal" },
    check_gateway: { label: t("Check the gateway's address"), icon: "server" },
    contact_admin: { label: t("Ask an admin of the team"), icon: "at-sign" },
  };
  const counts = isFresh && problem.retry_after_ms && problem.remedies?.some(({ action }) => action === "wait");
  const remedies = (problem.remedies ?? []).filter(({ action }) => action !== (counts ? "retry" : "wait"));
  const ways = remedies.map((remedy) => {
    const way = known[remedy.action];
    if (!way) return null;
    const label = remedy.action === "edit_field" && remedy.field ? t("Go to {field}", { field: remedy.field }) : way.label;
    return { ...way, label, remedy };
  });
  if (problem.retry && !counts && !ways.some((way) => way?.remedy.action === "retry")) ways.push({ ...known.retry, remedy: { action: "retry" } });
  return ways.filter(Boolean);
}

/** What to do, in one line above the buttons. */
export function whatToDo(problem) {
  const first = problem.remedies?.[0]?.action;
  const lines = {
    choose_key: t("Use another key, or ask for more on this one"),
    add_key: t("Add a key, or ask an admin of the team to share one"),
    choose_model: t("Choose a model this key may use"),
    edit_field: t("Change the request and send it again"),
    wait: t("Wait a moment, then try again"),
    retry: t("Try again: a new run, the old one is kept"),
    check_gateway: t("Check where this key's calls go"),
    contact_admin: t("Ask an admin of the team"),
  };
  return lines[first] ?? (problem.retry ? lines.retry : t("Nothing was lost; the details are below"));
}
