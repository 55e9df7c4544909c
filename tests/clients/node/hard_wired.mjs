// jsforce without any address: it goes to https://login.salesforce.com, through HTTPS_PROXY. Reads who it is from
// MOCKSF_READY, prints one JSON object.
import jsforce from "jsforce";

const ready = JSON.parse(process.env.MOCKSF_READY);
const conn = new jsforce.Connection({ version: "62.0" });
const user = await conn.login(ready.username, ready.password);
const made = await conn.sobject("Account").create({ Name: "Acme" });
const found = await conn.query("SELECT Id, Name FROM Account");
const bulk = await conn.bulk2.loadAndWaitForResults({
  object: "Contact", operation: "insert", input: [{ LastName: "Lovelace" }], pollTimeout: 20000, pollInterval: 50,
});
let elsewhere = "reached";
try {
  await new jsforce.Connection({ instanceUrl: "https://example.com", accessToken: "x" }).query("SELECT Id FROM Account");
} catch (error) {
  elsewhere = error.message;
}
console.log(JSON.stringify({
  user: user.id, instance: conn.instanceUrl, made: made.success, found: found.records.map((each) => each.Name),
  bulk: bulk.successfulResults.length, elsewhere,
}));
