// Bring the file named on the command line up to date with the service.

import { LeadProviderApi } from "./lead-provider-api.js";
import { Register } from "./register.js";

const path = process.argv[2] ?? "participants.json";
const register = await Register.load(path);
await register.update(LeadProviderApi.fromEnvironment());
await register.save(path);

const everybody = Object.values(register.participants);
const missing = everybody.filter((it) => it.missingSince).length;
console.log(`${everybody.length} participants in ${path}, ${missing} of them no longer listed by the service`);
