// The provider's own record of participants, kept in step with the service.

import { readFile, writeFile } from "node:fs/promises";

// Milliseconds: how often `update` is run. It asks from one interval before its last run on, as the guidance advises
// ("poll 2 windows back"), so that nothing is missed that was being written, or moved from page to page, during the last run.
const INTERVAL = 60 * 60 * 1000;

/**
 * All participants by id, and when they were last brought up to date. Each has the attributes that were last seen at the
 * service; once `missingSince` is set the service no longer lists them.
 */
export class Register {
  constructor({ participants = {}, syncedAt = null } = {}) {
    this.participants = participants;
    this.syncedAt = syncedAt && new Date(syncedAt);
  }

  /**
   * Reads everybody. Who is on no page is kept and marked: their school may have challenged the partnership.
   * Run it at the beginning and, as the guidance advises, every few days.
   */
  async fullSync(api, now = new Date()) {
    const listed = new Set();
    for await (const it of api.participants()) {
      listed.add(it.id);
      this.#take(it);
    }
    for (const [id, known] of Object.entries(this.participants)) {
      if (!listed.has(id)) known.missingSince ??= now.toISOString();
    }
    this.syncedAt = now;
  }

  /** Reads what changed. A list of changes cannot show who disappeared; a challenged partnership tells of it. */
  async update(api, now = new Date()) {
    if (this.syncedAt === null) return this.fullSync(api, now);
    const updatedSince = new Date(this.syncedAt.getTime() - INTERVAL);
    for await (const { attributes } of api.partnerships({ updatedSince })) {
      if (attributes.status === "challenged") return this.fullSync(api, now);
    }
    for await (const it of api.participants({ updatedSince })) this.#take(it);
    this.syncedAt = now;
  }

  #take({ id, attributes }) {
    this.participants[id] = { attributes, missingSince: null };
    // Two records of one person became one. A list of changes shows who stays, and nothing of who has gone.
    for (const change of attributes.participant_id_changes) delete this.participants[change.from_participant_id];
  }

  async save(path) {
    await writeFile(path, JSON.stringify(this, null, 2));
  }

  /** What was saved, or an empty register. */
  static async load(path) {
    try {
      return new Register(JSON.parse(await readFile(path, "utf8")));
    } catch (error) {
      if (error.code === "ENOENT") return new Register();
      throw error;
    }
  }
}
