// The Lead Provider API, version 3, as a provider's program asks it.

import { setTimeout as sleep } from "node:timers/promises";

const TIMEOUT = 30_000; // milliseconds for one request
// Seconds. A token may send 1,000 requests in five minutes. A 429 does not say when to come back; together these are longer.
const WAITS = [5, 10, 20, 40, 80, 160];

/** A 422: the service refuses what was sent, for these reasons. Sending the same again gets the same answer. */
export class Refused extends Error {
  /** @param {{ title: string, detail: string }[]} errors a title (the field) and a detail (a sentence) each */
  constructor(errors) {
    super(errors.map(({ title, detail }) => `${title}: ${detail}`).join("; "));
    this.name = "Refused";
    this.errors = errors;
  }
}

/** Any other answer that is not a success. */
export class Failed extends Error {
  constructor(method, url, status) {
    super(`${method} ${url} was answered with ${status}`);
    this.name = "Failed";
    this.status = status;
  }
}

/** The filter for what changed since a Date, if there is one. */
const changed = (since) => (since ? { "filter[updated_since]": since.toISOString() } : {});

/** One provider's access. `wait` is awaited with seconds when the service says that it was asked too often. */
export class LeadProviderApi {
  constructor({ url, token, perPage = 100, wait = (seconds) => sleep(seconds * 1000) }) {
    this.url = `${url.replace(/\/+$/, "")}/api/v3`;
    this.token = token;
    this.perPage = perPage;
    this.wait = wait;
  }

  static fromEnvironment() {
    const { LEAD_PROVIDER_API_URL: url, LEAD_PROVIDER_API_TOKEN: token } = process.env;
    if (!url || !token) throw new Error("set LEAD_PROVIDER_API_URL and LEAD_PROVIDER_API_TOKEN");
    return new LeadProviderApi({ url, token });
  }

  /** Everybody whom the provider trains, or those who changed since a Date. */
  participants({ updatedSince } = {}) {
    return this.#pages("/participants/ecf", changed(updatedSince));
  }

  /** The partnerships with schools, those that a school challenged among them. */
  partnerships({ updatedSince } = {}) {
    return this.#pages("/partnerships/ecf", changed(updatedSince));
  }

  /** What was declared for somebody. */
  declarations(participantId) {
    return this.#pages("/participant-declarations", { "filter[participant_id]": participantId });
  }

  /** Submits a declaration; answers it as the service keeps it, or throws Refused. */
  declare(attributes) {
    return this.#submit("/participant-declarations", "participant-declaration", attributes);
  }

  /** Confirms a partnership with a school, or confirms it again after a challenge; throws Refused. */
  confirmPartnership(attributes) {
    return this.#submit("/partnerships/ecf", "ecf-partnership", attributes);
  }

  async #submit(path, type, attributes) {
    const answer = await this.#ask("POST", path, JSON.stringify({ data: { type, attributes } }));
    return answer.data;
  }

  async *#pages(path, filters) {
    // URLSearchParams encodes the brackets of the names and the colons of moments.
    const query = new URLSearchParams({ "page[per_page]": this.perPage, ...filters });
    // Nothing in an answer tells how many pages there are: the end is the first page with nothing on it.
    for (let page = 1; ; page += 1) {
      query.set("page[page]", page);
      const { data } = await this.#ask("GET", `${path}?${query}`);
      if (data.length === 0) return;
      yield* data;
    }
  }

  async #ask(method, path, body) {
    const headers = { Authorization: `Bearer ${this.token}` };
    if (body) headers["Content-Type"] = "application/json";
    let answer;
    // What was answered with 429 has not been done, so that a POST can be sent again as well.
    for (const wait of [...WAITS, null]) {
      answer = await fetch(this.url + path, { method, headers, body, signal: AbortSignal.timeout(TIMEOUT) });
      if (answer.status !== 429 || wait === null) break;
      await answer.arrayBuffer(); // read to its end, the connection can be used again
      await this.wait(wait);
    }
    if (answer.status === 422) throw new Refused((await answer.json()).errors);
    if (!answer.ok) throw new Failed(method, answer.url, answer.status);
    return answer.json();
  }
}
