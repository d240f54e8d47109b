// A world of the sandbox for each test: nobody else sees what is done in it, and its clock stands still.

import assert from "node:assert/strict";
import { LeadProviderApi } from "./lead-provider-api.js";

const URL_OF_SANDBOX = process.env.LEAD_PROVIDER_API_URL ?? "http://127.0.0.1:8000";
const TOKEN = process.env.LEAD_PROVIDER_API_TOKEN ?? "ambition-token";
const BEGINNING = "2026-10-12T09:00:00Z";

/** One test's world, asked and changed behind the client's back. */
export class World {
  static async begin(name) {
    const world = new World();
    world.name = name;
    await fetch(`${URL_OF_SANDBOX}/_sandbox/worlds/${name}`, { method: "DELETE" }); // of an earlier run
    await world.#told("POST", "", { name, now: BEGINNING });
    world.names = (await world.#told("GET", `/${name}/names`)).names;
    return world;
  }

  /** A client whose waiting takes time of this world only. */
  api({ token = TOKEN, ...options } = {}) {
    const wait = (seconds) => this.passTime({ seconds });
    return new LeadProviderApi({ url: URL_OF_SANDBOX, token: `${token}~${this.name}`, wait, ...options });
  }

  async now() {
    return new Date((await this.#told("GET", `/${this.name}/clock`)).now);
  }

  passTime(by) {
    return this.#told("POST", `/${this.name}/clock/advance`, by);
  }

  happens(event, told) {
    return this.#told("POST", `/${this.name}/events`, { event, with: told });
  }

  limit(allowance) {
    return this.#told("PUT", `/${this.name}/rate-limit`, allowance);
  }

  /** What the client asked, oldest first: the target of each request. */
  async asked(matching = {}) {
    const { exchanges } = await this.#told("GET", `/${this.name}/journal?${new URLSearchParams(matching)}`);
    return exchanges.filter((it) => it.method).map((it) => it.target);
  }

  async #told(method, path, body) {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(`${URL_OF_SANDBOX}/_sandbox/worlds${path}`, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    assert.ok(answer.ok, text);
    return JSON.parse(text);
  }
}
