// jsforce's own streaming client (Faye): push topics, platform events, changes, replay, a token that is none.
// Reads the mock's ready line from MOCKSF_READY, prints one JSON object.
import jsforce from "jsforce";
import * as StreamingExtension from "jsforce/lib/api/streaming/extension.js";

const ready = JSON.parse(process.env.MOCKSF_READY);
const conn = new jsforce.Connection({ instanceUrl: ready.url, accessToken: ready.token, version: "60.0", callOptions: { client: "Astro" },
});
const { Replay, AuthFailure } = StreamingExtension.default ?? StreamingExtension;
const told = {};
const soon = (promise, name) => Promise.race([
  promise, new Promise((_, fail) => setTimeout(() => fail(new Error(`${name}: nothing came`)), 20000).unref()),
]);
// The first message on a channel, once `then` has been done after its subscription.
const first = (client, channel, then) => soon(new Promise((done, fail) => {
  client.subscribe(channel, done).then(then, fail);
}), channel);

await conn.sobject("PushTopic").create({
  Name: "Accounts", Query: "SELECT Id, Name FROM Account WHERE Name LIKE 'A%'", ApiVersion: 60.0,
});
told.topic = await soon(new Promise((done, fail) => {
  conn.streaming.topic("Accounts").subscribe(done).then(() => conn.sobject("Account").create({ Name: "Acme" }), fail);
}), "topic");
const client = conn.streaming.createClient([new Replay("/data/AccountChangeEvent", -1)]);
told.change = await first(client, "/data/AccountChangeEvent", () => conn.sobject("Account").create({ Name: "Beta" }));
told.event = await first(client, "/event/Call_Ended__e", () => conn.sobject("Call_Ended__e").create({ Call__c: "c1" }));
const { replayId } = told.change.event;
await conn.sobject("Account").create({ Name: "Gamma" });
const late = conn.streaming.createClient([new Replay("/data/AccountChangeEvent", replayId)]);
told.replayed = await first(late, "/data/AccountChangeEvent");
told.unknown = await conn.streaming.createClient([]).subscribe("/topic/Nothing", () => {}).then(() => "none", String);
const stranger = new jsforce.Connection({ instanceUrl: ready.url, accessToken: "00D!nobody", version: "60.0" });
told.denied = await soon(new Promise((done) => {
  stranger.streaming.createClient([new AuthFailure(done)]).subscribe("/topic/Accounts", () => {}).then(() => {}, () => {});
}), "denied");
console.log(JSON.stringify(told));
process.exit(0);
