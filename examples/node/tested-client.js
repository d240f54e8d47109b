// The client as `ecf-sandbox exercise` runs it: it does what it is told, or brings its register up to date and prints it.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LeadProviderApi } from "./lead-provider-api.js";
import { Register } from "./register.js";
import { submit } from "./submit.js";

const {
  ECF_SANDBOX_URL: url,
  ECF_SANDBOX_TOKEN: token,
  ECF_SANDBOX_WORLD: world,
  ECF_SANDBOX_NOW: now,
  ECF_SANDBOX_STATE: state,
  ECF_SANDBOX_TASK: task,
} = process.env;

/** Nobody has to wait: the time passes in the world. */
async function wait(seconds) {
  const body = JSON.stringify({ seconds });
  const headers = { "Content-Type": "application/json" };
  await fetch(`${url}/_sandbox/worlds/${world}/clock/advance`, { method: "POST", headers, body });
}

const api = new LeadProviderApi({ url, token, perPage: 20, wait });
if (task) {
  const { do: what, ...attributes } = JSON.parse(await readFile(task, "utf8"));
  if (what !== "declare") throw new Error(`told to ${what}`);
  await submit(api, [attributes]);
} else {
  const kept = join(state, "register.json");
  const register = await Register.load(kept);
  await register.update(api, new Date(now));
  await register.save(kept);
  const listed = Object.entries(register.participants).filter(([, it]) => !it.missingSince);
  console.log(JSON.stringify({ participants: Object.fromEntries(listed.map(([id, it]) => [id, it.attributes])) }));
}
