// What an integrator does to an org's schema with jsforce: metadata, tooling, OAuth; one named step after the other.
// Reads the mock's ready line from MOCKSF_READY, prints one JSON object: step -> what came of it, or the error.
import { readFileSync } from "node:fs";
import jsforce from "jsforce";

const ready = JSON.parse(process.env.MOCKSF_READY);
const told = {};
const step = async (name, work) => {
  try {
    told[name] = await work();
  } catch (error) {
    told[name] = { error: error.errorCode ?? error.name, message: error.message };
  }
};

const conn = new jsforce.Connection({ instanceUrl: ready.url, accessToken: ready.token, version: "62.0" });
conn.metadata.pollInterval = 200;

await step("describe", async () => (await conn.metadata.describe()).metadataObjects.map((each) => each.xmlName));
await step("list", async () => (await conn.metadata.list([{ type: "CustomField" }])).map((each) => each.fullName));
await step("read", async () => {
  const found = await conn.metadata.read("CustomObject", ["Account"]);
  const one = Array.isArray(found) ? found[0] : found;
  return { name: one.fullName, fields: one.fields.map((each) => each.fullName) };
});
await step("create", async () =>
  conn.metadata.create("CustomObject", [
    {
      fullName: "Tour__c",
      label: "Tour",
      pluralLabel: "Tours",
      nameField: { type: "Text", label: "Tour Name" },
      deploymentStatus: "Deployed",
      sharingModel: "ReadWrite",
    },
  ]),
);
await step("createField", async () =>
  conn.metadata.create("CustomField", { fullName: "Tour__c.Seats__c", label: "Seats", type: "Number", precision: 4, scale: 0 }),
);
await step("used", async () => {
  const made = await conn.sobject("Tour__c").create({ Name: "Rhine", Seats__c: 40 });
  return (await conn.sobject("Tour__c").retrieve(made.id)).Seats__c;
});
await step("update", async () =>
  conn.metadata.update("CustomField", { fullName: "Tour__c.Seats__c", label: "Places", type: "Number", precision: 4, scale: 0 }),
);
await step("label", async () => {
  const described = await conn.sobject("Tour__c").describe$();
  return described.fields.find((each) => each.name === "Seats__c").label;
});
await step("upsert", async () =>
  conn.metadata.upsert("CustomField", { fullName: "Tour__c.Code__c", label: "Code", type: "Text", length: 8 }),
);
await step("wrong", async () =>
  conn.metadata.create("CustomField", { fullName: "Tour__c.Bad__c", label: "Bad", type: "Nonsense" }),
);
await step("deploy", async () => {
  const zip = readFileSync(process.env.MOCKSF_ZIP);
  const result = await conn.metadata.deploy(zip, { rollbackOnError: true }).complete(true);
  return {
    status: result.status,
    deployed: result.numberComponentsDeployed,
    names: [].concat(result.details.componentSuccesses).map((each) => each.fullName),
  };
});
await step("deployed", async () => {
  const made = await conn.sobject("Stop__c").create({ Name: "Bonn", Minutes__c: 15 });
  return (await conn.query("SELECT Minutes__c FROM Stop__c")).records[0].Minutes__c;
});
await step("deployRest", async () => {
  const zip = readFileSync(process.env.MOCKSF_ZIP);
  const result = await conn.metadata.deployRest(zip, { checkOnly: true }).complete(true);
  return { status: result.status, checkOnly: result.checkOnly };
});
await step("retrieve", async () => {
  const result = await conn.metadata
    .retrieve({ apiVersion: "62.0", unpackaged: { types: [{ members: ["Stop__c"], name: "CustomObject" }], version: "62.0" } })
    .complete();
  return { success: result.success, files: [].concat(result.fileProperties).map((each) => each.fileName) };
});
await step("delete", async () => conn.metadata.delete("CustomField", ["Tour__c.Code__c"]));
await step("tooling", async () => {
  const text = "SELECT QualifiedApiName FROM FieldDefinition WHERE EntityDefinition.QualifiedApiName = 'Tour__c'";
  return (await conn.tooling.query(text)).records.map((each) => each.QualifiedApiName);
});
await step("toolingDescribe", async () => (await conn.tooling.sobject("CustomField").describe()).name);
await step("anonymous", async () => conn.tooling.executeAnonymous("System.debug(1);"));
await step("undelete", async () => {
  const made = await conn.sobject("Account").create({ Name: "Back" });
  await conn.sobject("Account").destroy(made.id);
  const result = await conn.soap.undelete?.([made.id]);
  return result ? [].concat(result)[0].success : "not a call of this client";
});
await step("refresh", async () => {
  const oauth2 = { loginUrl: ready.url, clientId: ready.client_id, clientSecret: ready.client_secret };
  const old = new jsforce.Connection({ oauth2, instanceUrl: ready.url, accessToken: "00Dnobody!x", refreshToken: ready.refresh_token });
  return (await old.query("SELECT Id FROM Tour__c")).totalSize;
});
await step("authorizeUrl", async () => {
  const oauth2 = new jsforce.OAuth2({ loginUrl: ready.url, clientId: ready.client_id, redirectUri: "http://localhost:1717/back" });
  const answer = await fetch(oauth2.getAuthorizationUrl({ scope: "api", state: "s" }));
  return { status: answer.status, page: (await answer.text()).includes("Log in") };
});

console.log(JSON.stringify(told));
