/** The tables of the sandbox. Times are milliseconds since 1970. */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS events (
  n            INTEGER PRIMARY KEY AUTOINCREMENT, -- order of arrival
  type         TEXT NOT NULL,
  key_value    TEXT NOT NULL,
  body         TEXT NOT NULL,                     -- the JSON text as it came
  via          TEXT NOT NULL,                     -- event | past_events | subscribe
  received_at  INTEGER NOT NULL,
  occurred     TEXT,                              -- past events only: YYYY-MM-DDTHH:mm in the account's time zone
  at           INTEGER NOT NULL,                  -- when it happened: occurred, else received_at
  contact_id   INTEGER,
  matched_by   TEXT,
  event_id     TEXT,                              -- param shoptrailEventId
  cookie_id    TEXT,                              -- param shoptrailAnonymousId
  anonymous    INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS events_by_type ON events (type, n);
CREATE INDEX IF NOT EXISTS events_by_contact ON events (contact_id);
CREATE INDEX IF NOT EXISTS events_by_cookie ON events (cookie_id, contact_id);
CREATE INDEX IF NOT EXISTS events_by_event_id ON events (event_id, n);

CREATE TABLE IF NOT EXISTS contacts (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  external_id  TEXT UNIQUE,
  email        TEXT UNIQUE,                       -- in small letters
  phone        TEXT UNIQUE,                       -- digits only
  first_name   TEXT,
  last_name    TEXT,
  confirmed    INTEGER NOT NULL,
  source       TEXT NOT NULL,                     -- event | subscribe
  groups       TEXT NOT NULL DEFAULT '[]',
  fields       TEXT NOT NULL DEFAULT '[]',
  address      TEXT,
  created_at   INTEGER NOT NULL,
  updated_at   INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS push_tokens (
  token        TEXT PRIMARY KEY,                  -- a token belongs to one contact (seed 004)
  contact_id   INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS devices (
  device       TEXT PRIMARY KEY,                  -- a device belongs to one contact (seed 004)
  contact_id   INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS answers (
  n            INTEGER PRIMARY KEY AUTOINCREMENT,
  at           INTEGER NOT NULL,
  request      TEXT NOT NULL,                     -- method and path
  status       TEXT NOT NULL,                     -- 200, 400, ..., dropped, truncated
  reason       TEXT
);
`;

/** Contact ids begin above this, so that one is not easily taken for a count or a row number. */
export const FIRST_CONTACT_ID = 1001;
