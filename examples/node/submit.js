// Declarations, submitted one after the other.

import { Refused } from "./lead-provider-api.js";

// How the states begin in which a declaration stands no more, so that it can be made again.
const TAKEN_BACK = /^(voided|ineligible|awaiting|clawed)/;
const SAME = ["participant_id", "declaration_type", "course_identifier"];

/**
 * Submits each once; answers those that were accepted, and those that were refused with the reasons. What was accepted
 * before is not sent again: its answer may have been lost on the way.
 */
export async function submit(api, declarations) {
  const accepted = [];
  const refused = [];
  for (const attributes of declarations) {
    try {
      accepted.push((await submittedBefore(api, attributes)) ?? (await api.declare(attributes)));
    } catch (why) {
      if (!(why instanceof Refused)) throw why;
      refused.push({ attributes, why }); // a person has to look at it: the next one may be sound all the same
    }
  }
  return { accepted, refused };
}

/** The same declaration (of the same day, too) as the service keeps it, if it does and it stands. */
async function submittedBefore(api, attributes) {
  const day = String(attributes.declaration_date).slice(0, 10);
  for await (const made of api.declarations(attributes.participant_id)) {
    const { state, declaration_date: date, ...rest } = made.attributes;
    const same = date.slice(0, 10) === day && SAME.every((it) => rest[it] === attributes[it]);
    if (same && !TAKEN_BACK.test(state)) return made;
  }
  return null;
}
