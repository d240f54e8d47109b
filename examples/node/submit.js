// Declarations, submitted one after the other.

import { Refused } from "./lead-provider-api.js";

/** Submits each once; answers those that were accepted, and those that were refused with the reasons. */
export async function submit(api, declarations) {
  const accepted = [];
  const refused = [];
  for (const attributes of declarations) {
    try {
      accepted.push(await api.declare(attributes));
    } catch (why) {
      if (!(why instanceof Refused)) throw why;
      refused.push({ attributes, why }); // a person has to look at it: the next one may be sound all the same
    }
  }
  return { accepted, refused };
}
