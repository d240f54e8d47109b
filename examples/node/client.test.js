// What the client does when all is well, and when it is not.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, it } from "node:test";

import { Failed, Refused } from "./lead-provider-api.js";
import { Register } from "./register.js";
import { submit } from "./submit.js";
import { World } from "./testing.js";

const CHALLENGED = "partnerships.Oakfield Academy.2025.Ambition Institute";
const JANE = "people.Jane Smith";

let world;
let begun = 0;
beforeEach(async () => {
  world = await World.begin(`node-test-${++begun}`);
});

/** A started declaration that is sound for Jane Smith. */
function started(changes = {}) {
  return {
    participant_id: world.names[JANE],
    declaration_type: "started",
    declaration_date: "2025-10-06T09:00:00Z",
    course_identifier: "ecf-induction",
    evidence_held: "other",
    ...changes,
  };
}

/** Everybody, an hour ago. */
async function registerOfAnHourAgo() {
  const register = new Register();
  await register.fullSync(world.api(), await world.now());
  await world.passTime({ hours: 1 });
  return register;
}

async function idsOf(list) {
  const ids = [];
  for await (const { id } of list) ids.push(id);
  return ids;
}

describe("reading everybody", () => {
  it("goes on until a page is empty", async () => {
    const everybody = await idsOf(world.api().participants());
    const inPieces = await idsOf(world.api({ perPage: 10 }).participants());

    assert.deepEqual(inPieces, everybody);
    assert.ok(everybody.length > 40);
    assert.equal(new Set(everybody).size, everybody.length);
    assert.equal((await world.asked()).length, 2 + Math.ceil(everybody.length / 10) + 1);
  });

  it("is kept in a file and read again", async () => {
    const register = await registerOfAnHourAgo();
    const folder = await mkdtemp(join(tmpdir(), "register-"));

    try {
      await register.save(join(folder, "participants.json"));

      assert.deepEqual(await Register.load(join(folder, "participants.json")), register);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("says so when the token is wrong", async () => {
    const wrong = world.api({ token: "mistaken" });

    await assert.rejects(idsOf(wrong.participants()), (error) => error instanceof Failed && error.status === 401);
  });
});

describe("reading what changed", () => {
  it("asks from an hour before the last time on", async () => {
    const register = await registerOfAnHourAgo();

    await register.update(world.api(), await world.now());

    const [last] = (await world.asked()).slice(-1);
    assert.match(last, /filter%5Bupdated_since%5D=2026-10-12T08%3A00%3A00.000Z/);
  });

  it("takes over what changed", async () => {
    const register = await registerOfAnHourAgo();
    await world.happens("change_name", { participant_id: world.names[JANE], full_name: "Jane Jones" });

    await register.update(world.api(), await world.now());

    assert.equal(register.participants[world.names[JANE]].attributes.full_name, "Jane Jones");
  });

  it("reads everybody if there was no last time", async () => {
    const register = new Register();

    await register.update(world.api(), await world.now());

    assert.ok(world.names[JANE] in register.participants);
  });
});

describe("declaring", () => {
  it("answers the declaration", async () => {
    const declaration = await world.api().declare(started());

    assert.equal(declaration.attributes.participant_id, world.names[JANE]);
    assert.equal(declaration.attributes.state, "eligible");
  });

  it("says why it was refused and does not try again", async () => {
    await assert.rejects(world.api().declare(started({ declaration_date: "2024-01-01T09:00:00Z" })), (error) => {
      assert.ok(error instanceof Refused);
      assert.deepEqual(error.errors.map((it) => it.title), ["declaration_date"]);
      assert.match(error.message, /on or after the milestone start/);
      return true;
    });
    assert.equal((await world.asked({ method: "POST" })).length, 1);
  });

  it("goes on after one that was refused", async () => {
    const { accepted, refused } = await submit(world.api(), [started({ course_identifier: "ecf-mentor" }), started()]);

    assert.deepEqual(accepted.map((it) => it.attributes.declaration_type), ["started"]);
    assert.deepEqual(refused.map((it) => it.attributes.course_identifier), ["ecf-mentor"]);
  });
});

describe("asking too often", () => {
  it("waits and asks again", async () => {
    await world.limit({ requests: 3, window: 10 });

    const everybody = await idsOf(world.api({ perPage: 10 }).participants());

    assert.ok(everybody.length > 40);
    assert.equal(new Set(everybody).size, everybody.length);
    assert.ok((await world.asked({ status: "429" })).length > 0);
  });

  it("sends a declaration again that was not looked at", async () => {
    await world.limit({ requests: 1, window: 300 });
    const api = world.api();
    await api.participants().next();

    assert.equal((await api.declare(started())).attributes.state, "eligible");
  });
});

describe("a challenged partnership", () => {
  it("leaves the participants on record and marks them", async () => {
    const register = await registerOfAnHourAgo();
    await world.happens("challenge_partnership", { partnership_id: world.names[CHALLENGED], reason: "mistake" });

    await register.update(world.api(), await world.now());

    const jane = register.participants[world.names[JANE]];
    assert.equal(jane.attributes.full_name, "Jane Smith");
    assert.equal(jane.missingSince, "2026-10-12T10:00:00.000Z");
  });

  it("takes the mark away when they are back", async () => {
    const api = world.api();
    let partnership;
    for await (const found of api.partnerships()) if (found.id === world.names[CHALLENGED]) partnership = found.attributes;
    const register = await registerOfAnHourAgo();
    await world.happens("challenge_partnership", { partnership_id: world.names[CHALLENGED], reason: "mistake" });
    await register.update(api, await world.now());
    await world.passTime({ hours: 1 });

    const { cohort, school_id, delivery_partner_id } = partnership;
    await api.confirmPartnership({ cohort, school_id, delivery_partner_id });
    await register.update(api, await world.now());

    assert.equal(register.participants[world.names[JANE]].missingSince, null);
  });
});
