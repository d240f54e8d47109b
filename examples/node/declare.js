// Submit the declarations in a file of JSON: a list of objects with the attributes of one declaration each.

import { readFile } from "node:fs/promises";
import { LeadProviderApi } from "./lead-provider-api.js";
import { submit } from "./submit.js";

const declarations = JSON.parse(await readFile(process.argv[2], "utf8"));
const { accepted, refused } = await submit(LeadProviderApi.fromEnvironment(), declarations);
for (const { id, attributes } of accepted) console.log(`accepted ${id}: ${attributes.declaration_type} is ${attributes.state}`);
for (const { attributes, why } of refused) {
  console.log(`refused ${attributes.declaration_type} of ${attributes.participant_id}: ${why.message}`);
}
process.exitCode = refused.length ? 1 : 0;
