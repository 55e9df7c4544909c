// What an integrator does with jsforce, one named step after the other. Reads the mock's ready line from MOCKSF_READY,
// prints one JSON object: step -> what came of it, or the error that was thrown.
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

await step("loginTooNew", async () => new jsforce.Connection({ loginUrl: ready.url, version: "66.0" }).login(ready.username, ready.password));
const conn = new jsforce.Connection({ loginUrl: ready.url, version: "62.0" });
await step("login", async () => {
  const user = await conn.login(ready.username, ready.password);
  return { user: user.id, organization: user.organizationId, instance: conn.instanceUrl };
});

const named = new jsforce.Connection({ instanceUrl: ready.url, accessToken: ready.token, version: "66.0" });
await step("identity", async () => (await named.identity()).username);
await step("describe", async () => {
  const described = await conn.sobject("Account").describe();
  return { name: described.name, fields: described.fields.length };
});
await step("describeGlobal", async () => (await conn.describeGlobal()).sobjects.map((each) => each.name));

let account;
await step("create", async () => {
  const made = await conn.sobject("Account").create({ Name: "Acme", Phone: "+1 415 555 0100", Caller_Key__c: "k-1" });
  account = made.id;
  return made;
});
await step("retrieve", async () => (await conn.sobject("Account").retrieve(account)).Name);
await step("update", async () => conn.sobject("Account").update({ Id: account, Name: "Acme Ltd" }));
await step("upsertKnown", async () => conn.sobject("Account").upsert({ Caller_Key__c: "k-1", Name: "Acme Inc" }, "Caller_Key__c"));
await step("upsertNew", async () => conn.sobject("Account").upsert({ Caller_Key__c: "k-2", Name: "Beta" }, "Caller_Key__c"));
await step("refusal", async () => conn.sobject("Account").create({ Nope__c: 1 }));
await step("malformed", async () => conn.query("SELECT Nope FROM Account"));

await step("createMany", async () => {
  const many = Array.from({ length: 450 }, (_, at) => ({ LastName: `Caller ${String(at).padStart(3, "0")}` }));
  const made = await conn.sobject("Contact").create(many, { allowRecursive: true });
  return { made: made.length, good: made.filter((each) => each.success).length };
});
await step("allOrNone", async () => {
  const two = [{ LastName: "Fine" }, { FirstName: "no last name" }];
  const made = await conn.sobject("Contact").create(two, { allOrNone: true });
  return made.map((each) => each.errors[0]?.statusCode ?? each.errors[0]?.errorCode ?? "none");
});
await step("retrieveMany", async () => {
  const found = await conn.query("SELECT Id FROM Contact ORDER BY LastName LIMIT 2");
  return (await conn.sobject("Contact").retrieve(found.records.map((each) => each.Id))).map((each) => each.LastName);
});
await step("autoFetch", async () => {
  const lastNames = [];
  const query = conn.query("SELECT LastName FROM Contact ORDER BY LastName");
  const records = await query.run({ autoFetch: true, maxFetch: 10000, scanAll: false, headers: { "Sforce-Query-Options": "batchSize=200" } });
  for (const each of records.records ?? records) lastNames.push(each.LastName);
  return { count: lastNames.length, first: lastNames[0] };
});
await step("builder", async () =>
  (await conn.sobject("Contact").find({ LastName: { $like: "Caller 00%" } }, "LastName").sort({ LastName: -1 }).limit(3)).map(
    (each) => each.LastName,
  ),
);
await step("builderCount", async () => conn.sobject("Contact").count({ LastName: { $like: "Caller 4%" } }));
await step("search", async () => (await conn.search("FIND {4155550100} IN PHONE FIELDS RETURNING Account(Id)")).searchRecords.length);
await step("requestComposite", async () => {
  const body = {
    allOrNone: true,
    compositeRequest: [
      { method: "POST", url: "/services/data/v66.0/sobjects/Account", referenceId: "acc", body: { Name: "C" } },
      { method: "POST", url: "/services/data/v66.0/sobjects/Contact", referenceId: "con", body: { LastName: "D", AccountId: "@{acc.id}" } },
    ],
  };
  const answer = await conn.requestPost("/services/data/v66.0/composite", body);
  return answer.compositeResponse.map((each) => each.httpStatusCode);
});
await step("limits", async () => {
  const limits = await conn.request("/services/data/v66.0/limits");
  return { max: limits.DailyApiRequests.Max > 0, info: conn.limitInfo.apiUsage.used > 0 };
});
await step("chatter", async () => {
  const posted = await conn.chatter.resource("/feed-elements").create({
    body: { messageSegments: [{ type: "Text", text: "hello" }] },
    feedElementType: "FeedItem",
    subjectId: account,
  });
  return posted.feedElementType;
});
await step("recent", async () => (await conn.recent()).length > 0);
await step("deleteMany", async () => {
  const found = await conn.query("SELECT Id FROM Contact WHERE LastName LIKE 'Caller 44%'");
  const gone = await conn.sobject("Contact").destroy(found.records.map((each) => each.Id));
  return gone.every((each) => each.success);
});
await step("destroy", async () => conn.sobject("Account").destroy(account));
await step("gone", async () => conn.sobject("Account").retrieve(account));
await step("expired", async () => {
  const stranger = new jsforce.Connection({ instanceUrl: ready.url, accessToken: "00Dnobody!x", version: "66.0" });
  return stranger.query("SELECT Id FROM Account");
});
await step("badLogin", async () => conn.login(ready.username, "wrong"));
await step("bulk", async () => {
  const rows = Array.from({ length: 150 }, (_, at) => ({ Name: `Bulk one ${at}`, Phone: "1" }));
  conn.bulk.pollInterval = 50;
  const made = await conn.bulk.load("Account", "insert", [...rows, { Name: "", Phone: "1" }]);
  const found = [];
  for await (const each of await conn.bulk.query("SELECT Id, Name FROM Account WHERE Name LIKE 'Bulk one%'")) found.push(each.Name);
  return { good: made.filter((each) => each.success).length, error: made.at(-1).errors[0], found: found.length };
});
await step("bulk2", async () => {
  const rows = Array.from({ length: 450 }, (_, at) => ({ Name: `Bulk two ${at}`, Phone: "1" }));
  conn.bulk2.pollInterval = 50;
  const made = await conn.bulk2.loadAndWaitForResults({ object: "Account", operation: "insert", input: [...rows, { Name: "", Phone: "1" }] });
  const found = await (await conn.bulk2.query("SELECT Id, Name FROM Account WHERE Name LIKE 'Bulk two%'")).toArray();
  return {
    good: made.successfulResults.length,
    error: made.failedResults[0].sf__Error,
    left: made.unprocessedRecords.length,
    found: found.length,
  };
});
await step("logout", async () => conn.logout());

console.log(JSON.stringify(told));
