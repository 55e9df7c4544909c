"""The tables of what an org streams, beside those of its records, on every kind of database.

Events lie in the store, so that what is rolled back is not published, what is committed survives with the rows, and
every process that shares an org streams the same.
"""

STREAMS = (
    'CREATE TABLE "$events" ("seq" INTEGER PRIMARY KEY NOT NULL, "channel" TEXT NOT NULL, "txn" INTEGER NOT NULL,'
    ' "record" TEXT NOT NULL, "ends" INTEGER NOT NULL, "body" TEXT NOT NULL)',
    'CREATE INDEX "$events.channel" ON "$events" ("channel", "seq")',
    'CREATE INDEX "$events.txn" ON "$events" ("txn", "record")',
    'CREATE INDEX "$events.ends" ON "$events" ("ends")',
    'CREATE TABLE "$listeners" ("id" TEXT PRIMARY KEY NOT NULL, "user_id" TEXT NOT NULL, "browser" TEXT NOT NULL,'
    ' "polls" INTEGER NOT NULL, "ends" INTEGER NOT NULL)',
    'CREATE TABLE "$subscribed" ("listener" TEXT NOT NULL, "channel" TEXT NOT NULL, "position" INTEGER NOT NULL,'
    ' PRIMARY KEY ("listener", "channel"))',
    'CREATE TABLE "$selected" ("sobject" TEXT PRIMARY KEY NOT NULL)',
)
"""Published changes and notifications; clients with their subscriptions; objects whose changes are captured."""
STREAMED = ("$events", "$listeners", "$subscribed", "$selected")
"""Their names."""
