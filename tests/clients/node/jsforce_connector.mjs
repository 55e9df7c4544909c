// A connector that leaves trying again to jsforce: it does so for reads and never for a create (POST).
import jsforce from "jsforce";

const conn = new jsforce.Connection({
  instanceUrl: process.env.SALESFORCE_INSTANCE_URL,
  accessToken: process.env.SALESFORCE_ACCESS_TOKEN,
  version: "66.0",
});
const account = await conn.sobject("Account").create({ Name: "Acme" });
await conn.sobject("Contact").create({ LastName: "Berg", AccountId: account.id });
