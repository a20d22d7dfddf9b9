-- The schema of makegood at its newest version, as SQLite reads it.
-- A fresh database is laid from this file; an older one is led here by storage/migrations, and a test holds
-- that both ways end in the same tables. Moments are BIGINT milliseconds UTC, truth values 0 or 1.

CREATE TABLE brand (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
);
INSERT INTO brand (id, name) VALUES (1, 'default');

-- Small facts of the installation: poll offsets, the clock's high-water mark, cursors of long work.
CREATE TABLE fact (
    brand_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (brand_id, name)
);

CREATE TABLE customer (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    reference TEXT NOT NULL,              -- the business's own name for this customer
    name TEXT,
    language TEXT,                        -- BCP 47; NULL until known
    zone TEXT,                            -- IANA; NULL means the business's
    more TEXT NOT NULL DEFAULT '{}',      -- other facts for templates, a JSON object of strings
    consented_at BIGINT,
    consent_version TEXT,
    opted_out_at BIGINT,
    last_asked_at BIGINT,                 -- last invitation sent, across surveys
    last_proactive_at BIGINT,             -- last message that we began: invitation, follow-up, notice
    created_at BIGINT NOT NULL,
    email TEXT,                           -- where a message that waits in a closed web chat is announced
    phone TEXT,                           -- for the company's SMS, and for whoever rings up
    UNIQUE (brand_id, reference)
);

-- Those who work together: their hours, and what they may spend in a month.
CREATE TABLE team (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    calendar TEXT,                        -- key of their working calendar; NULL: the business's waking hours
    per_month BIGINT,                     -- budget in minor units of the business's currency; NULL: it spends from the business's own
    supervisor_up_to BIGINT,              -- above it a manager must approve; NULL: a supervisor always may
    two_above BIGINT,                     -- above it two people must approve; NULL: never
    created_at BIGINT NOT NULL,
    removed_at BIGINT,
    UNIQUE (brand_id, name)
);

-- When people work: weekdays, breaks, public holidays. An edition that is changed stays for the clocks that ran by it.
CREATE TABLE calendar (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    written TEXT NOT NULL,                -- recovery.written_calendars, as JSON
    since_at BIGINT NOT NULL,
    until_at BIGINT                       -- when the next edition began; NULL for the one that holds
);
CREATE UNIQUE INDEX calendar_holds ON calendar (brand_id, key) WHERE until_at IS NULL;

CREATE TABLE staff_member (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    roles TEXT NOT NULL,                  -- comma-separated: staff, supervisor, manager, editor, admin
    language TEXT NOT NULL,
    composing_case_id BIGINT,             -- "Write to the customer" was pressed: the next text goes there
    composing_until BIGINT,
    created_at BIGINT NOT NULL,
    removed_at BIGINT,
    naming_until BIGINT,                  -- "/done" was sent alone: until then the next text names who was served
    composing_what TEXT,                  -- what the next text is for that case: write, restate, note, wow, offer …
    team_id BIGINT REFERENCES team (id),  -- NULL works for the whole business
    skills TEXT NOT NULL DEFAULT '',      -- comma-separated keys
    areas TEXT NOT NULL DEFAULT '',       -- comma-separated; empty works everywhere
    speaks TEXT NOT NULL DEFAULT '',      -- languages for customers, BCP 47, comma-separated; empty: the one they read
    calendar TEXT,                        -- key of their working calendar; NULL: their team's
    load_limit BIGINT NOT NULL DEFAULT 20, -- severities of open cases, added up, that one person looks after
    away_at BIGINT,                       -- since /off; NULL when present
    given_at BIGINT,                      -- when they were last given a case
    per_case BIGINT,                      -- authority, in minor units of the business's currency; NULL has none
    per_day BIGINT,
    offer_kinds TEXT,                     -- comma-separated; NULL: every kind
    authority_ends_at BIGINT,             -- lent authority ends then
    UNIQUE (brand_id, name)
);

-- Where one customer, one staff member or one staff group is on one channel.
CREATE TABLE address (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    channel TEXT NOT NULL,                -- telegram, webchat
    chat TEXT NOT NULL,                   -- the channel's own id of the chat
    kind TEXT NOT NULL,                   -- customer, staff, group
    customer_id BIGINT REFERENCES customer (id),
    staff_member_id BIGINT REFERENCES staff_member (id),
    language TEXT,                        -- chosen in this chat
    unreachable_at BIGINT,
    unreachable_why TEXT,
    last_heard_at BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (brand_id, channel, chat)
);
CREATE INDEX address_customer ON address (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX address_staff ON address (staff_member_id) WHERE staff_member_id IS NOT NULL;
CREATE INDEX address_group ON address (brand_id, id) WHERE kind = 'group';

-- Whom a chat speaks for. It may be several customers (a family's telephone); `address.customer_id` is the one
-- spoken for now, and one of these.
CREATE TABLE chat_customer (
    address_id BIGINT NOT NULL REFERENCES address (id),
    customer_id BIGINT NOT NULL REFERENCES customer (id),
    link_id BIGINT,                       -- the personal link by which the chat became theirs, if there was one
    since_at BIGINT NOT NULL,
    PRIMARY KEY (address_id, customer_id)
);
CREATE INDEX chat_customer_customer ON chat_customer (customer_id);

-- A counter, a table, a room: its QR code hangs there for everybody, so its token is no secret and is kept as it is.
CREATE TABLE place (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    touchpoint TEXT NOT NULL,
    token TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT,
    UNIQUE (brand_id, key),
    UNIQUE (brand_id, token)
);

-- One-time tokens, stored hashed: a customer's deep link, a staff invitation, a sign-in.
CREATE TABLE link (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    digest TEXT NOT NULL,                 -- hex SHA-256 of the token
    purpose TEXT NOT NULL,                -- customer, staff, sign-in, return (back into a web chat)
    customer_id BIGINT REFERENCES customer (id),
    staff_member_id BIGINT REFERENCES staff_member (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    claimed_at BIGINT,
    claimed_by TEXT,                      -- channel:chat
    UNIQUE (brand_id, digest)
);

-- A browser that may speak for one web chat, one staff member or the operator; the token stored hashed.
CREATE TABLE session (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    digest TEXT NOT NULL,
    kind TEXT NOT NULL,                   -- webchat, console
    address_id BIGINT REFERENCES address (id),
    staff_member_id BIGINT REFERENCES staff_member (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    UNIQUE (brand_id, digest)
);
CREATE INDEX session_staff ON session (staff_member_id) WHERE staff_member_id IS NOT NULL;

-- A browser that asks to be signed in: it shows a code, which a staff member confirms in their own chat.
CREATE TABLE sign_in (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    browser TEXT NOT NULL,                -- hex SHA-256 of the secret in the browser's cookie
    code TEXT NOT NULL,                   -- digest of the six figures
    token TEXT NOT NULL,                  -- digest of what the QR code carries
    seen_as TEXT NOT NULL,                -- the browser's own name and system
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    staff_member_id BIGINT REFERENCES staff_member (id),  -- who is asked
    answer TEXT,                          -- yes, no
    answered_at BIGINT,
    used_at BIGINT,
    UNIQUE (brand_id, browser),
    UNIQUE (brand_id, code),
    UNIQUE (brand_id, token)
);

CREATE TABLE survey_version (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    number BIGINT NOT NULL,
    touchpoint TEXT NOT NULL,
    source TEXT NOT NULL,                 -- the survey file, as published
    digest TEXT NOT NULL,                 -- hex SHA-256 of the source
    origin TEXT NOT NULL,                 -- library, folder
    published_at BIGINT NOT NULL,
    retired_at BIGINT,
    UNIQUE (brand_id, key, number)
);
CREATE UNIQUE INDEX survey_published ON survey_version (brand_id, key) WHERE retired_at IS NULL;

CREATE TABLE service_event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    source TEXT NOT NULL,
    event_id TEXT NOT NULL,
    digest TEXT NOT NULL,                 -- of the canonical body, to tell a replay from a clash
    type TEXT NOT NULL,
    touchpoint TEXT NOT NULL,
    subject TEXT NOT NULL,                -- the service's own id (an order, a stay); one survey each
    customer_id BIGINT NOT NULL REFERENCES customer (id),
    service TEXT NOT NULL,                -- facts for templates, a JSON object of strings
    version BIGINT,                       -- the sender's, when there is one; else occurred_at orders them
    cancelled BIGINT NOT NULL DEFAULT 0,
    occurred_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    superseded_at BIGINT,
    staff_member_id BIGINT REFERENCES staff_member (id),  -- who served
    UNIQUE (brand_id, source, event_id)
);
CREATE INDEX service_event_subject ON service_event (brand_id, source, subject);
CREATE INDEX service_event_customer ON service_event (customer_id, id);

CREATE TABLE invitation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL REFERENCES customer (id),
    service_event_id BIGINT REFERENCES service_event (id),
    survey_version_id BIGINT NOT NULL REFERENCES survey_version (id),
    touchpoint TEXT NOT NULL,
    state TEXT NOT NULL,                  -- planned, waiting_for_link, sent, withheld, cancelled
    reason TEXT,                          -- why withheld or cancelled
    conversation_id BIGINT,
    planned_at BIGINT NOT NULL,
    decided_at BIGINT,
    UNIQUE (service_event_id)
);
CREATE INDEX invitation_conversation ON invitation (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX invitation_waiting ON invitation (customer_id) WHERE state IN ('planned', 'waiting_for_link');

CREATE TABLE conversation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    address_id BIGINT NOT NULL REFERENCES address (id),
    customer_id BIGINT NOT NULL REFERENCES customer (id),
    purpose TEXT NOT NULL,                -- survey, follow_up, desk
    survey_version_id BIGINT REFERENCES survey_version (id),
    case_id BIGINT,
    seed TEXT NOT NULL,                   -- random; every prompt id of this conversation begins with it
    state TEXT NOT NULL,                  -- conversations.state, as JSON
    revision BIGINT NOT NULL DEFAULT 1,
    chain TEXT NOT NULL DEFAULT '',       -- digest of the newest answer's link
    outcome TEXT,                         -- complete, partial, break_off, none, stopped, mistaken, apart
    opened_at BIGINT NOT NULL,
    closed_at BIGINT,
    closing BIGINT,                       -- counts closings, and corrections after them, in the order of their commits
    variant TEXT,                         -- on which side of an experiment its survey is asked; NULL: there is none
    anonymous BIGINT NOT NULL DEFAULT 0,  -- 1: its survey promised no link to the customer; 2: over and counted; 3: let out
    UNIQUE (brand_id, seed)
);
CREATE UNIQUE INDEX conversation_open ON conversation (address_id) WHERE closed_at IS NULL;
CREATE INDEX conversation_customer ON conversation (customer_id, id);
CREATE UNIQUE INDEX conversation_closing ON conversation (closing) WHERE closing IS NOT NULL;
CREATE INDEX conversation_variant ON conversation (survey_version_id, id) WHERE variant IS NOT NULL;
CREATE INDEX conversation_apart ON conversation (survey_version_id) WHERE anonymous = 1;

-- Responses that keep no link to their customer, until several are let out together: under a random id, without a moment.
CREATE TABLE anonymous_response (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- drawn, not counted
    brand_id BIGINT NOT NULL,
    survey_version_id BIGINT NOT NULL REFERENCES survey_version (id),
    outcome TEXT NOT NULL,                -- complete, partial, break_off, none
    said TEXT NOT NULL                    -- conversations.state.Said, as JSON
);

-- One row for each thing a customer said to a question; nothing is overwritten, the newest is `current`.
CREATE TABLE answer (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id BIGINT NOT NULL REFERENCES conversation (id),
    question TEXT NOT NULL,               -- the question's key
    role TEXT NOT NULL,                   -- answer, comment
    kind TEXT NOT NULL,                   -- the question's kind
    number BIGINT,                        -- a rating or number
    text TEXT,                            -- option keys joined by commas, or words
    raw TEXT NOT NULL,                    -- what was typed, or the label tapped
    shortened BIGINT NOT NULL DEFAULT 0,
    skipped BIGINT NOT NULL DEFAULT 0,
    at BIGINT NOT NULL,
    current BIGINT NOT NULL DEFAULT 1,
    salt TEXT NOT NULL,
    digest TEXT NOT NULL
);
CREATE INDEX answer_conversation ON answer (conversation_id, question);

CREATE TABLE recovery_case (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    number BIGINT NOT NULL,               -- counts per brand: case 17
    customer_id BIGINT NOT NULL REFERENCES customer (id),
    address_id BIGINT NOT NULL REFERENCES address (id),
    conversation_id BIGINT REFERENCES conversation (id),
    service_event_id BIGINT REFERENCES service_event (id),
    touchpoint TEXT,
    cause TEXT NOT NULL,                  -- unhappy, complaint, urgent, asked_for_person, told_staff
    urgent BIGINT NOT NULL DEFAULT 0,
    rating_question TEXT,
    rating BIGINT,
    state TEXT NOT NULL,                  -- recovery.cases state, as JSON
    stage TEXT NOT NULL,                  -- open, taken, resolved, settled, closed (for lists)
    owner_id BIGINT REFERENCES staff_member (id),
    revision BIGINT NOT NULL DEFAULT 1,
    outcome TEXT,                         -- recovered, not_recovered, unreachable, corrected, joined
    opened_at BIGINT NOT NULL,
    closed_at BIGINT,
    severity BIGINT NOT NULL DEFAULT 2,   -- 1 slight … 4 urgent
    skill TEXT,                           -- what whoever works it must know; NULL: nothing special
    area TEXT,                            -- where it is; NULL: anywhere
    team_id BIGINT REFERENCES team (id),
    assignee_id BIGINT REFERENCES staff_member (id),  -- whom it was given to; owner_id is who took it
    plan TEXT NOT NULL DEFAULT 'short',   -- key of its recovery plan
    root_cause TEXT,                      -- key in the tree of causes
    first_contact_at BIGINT,              -- when the customer first heard from a person
    resolved_at BIGINT,                   -- when it was first said to be put right
    contacts BIGINT NOT NULL DEFAULT 0,   -- messages and calls by staff to the customer
    reopened BIGINT NOT NULL DEFAULT 0,
    on_the_spot BIGINT,                   -- 1: resolved by whoever took it, without any approval; 0: not; NULL: not yet
    rating_after BIGINT,                  -- what the follow-up's rating was, on the scale of that question
    rating_after_on TEXT,                 -- that question's kind and scale: csat 1 5
    told_by TEXT,                         -- who said how it ended: customer, staff (typed after a call), makegood
    UNIQUE (brand_id, number)
);
CREATE UNIQUE INDEX case_open ON recovery_case (customer_id) WHERE closed_at IS NULL;
CREATE INDEX case_waiting ON recovery_case (brand_id, stage, opened_at) WHERE closed_at IS NULL;
CREATE INDEX case_customer ON recovery_case (customer_id, id);
CREATE INDEX case_closed ON recovery_case (brand_id, closed_at, id) WHERE closed_at IS NOT NULL;
CREATE INDEX case_owner ON recovery_case (owner_id) WHERE owner_id IS NOT NULL AND closed_at IS NULL;
CREATE INDEX case_assignee ON recovery_case (assignee_id) WHERE assignee_id IS NOT NULL AND closed_at IS NULL;

-- What was said in a case, either way, for its timeline.
CREATE TABLE case_message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES recovery_case (id),
    author TEXT NOT NULL,                 -- customer, staff, makegood; for staff only: note, wow (a good story)
    staff_member_id BIGINT,
    text TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX case_message_case ON case_message (case_id, id);

-- Things only a person can do: ring somebody whose follow-up could not be sent.
CREATE TABLE task (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    case_id BIGINT REFERENCES recovery_case (id),
    staff_member_id BIGINT,
    kind TEXT NOT NULL,
    dedupe_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    done_at BIGINT,
    customer_id BIGINT REFERENCES customer (id),
    invitation_id BIGINT REFERENCES invitation (id),  -- of a customer who never answered it: why they are rung up
    tries BIGINT NOT NULL DEFAULT 0,      -- calls that nobody answered
    not_before BIGINT NOT NULL DEFAULT 0, -- when it is offered again
    UNIQUE (brand_id, dedupe_key)
);
CREATE INDEX task_open ON task (brand_id, id) WHERE done_at IS NULL;
CREATE INDEX task_case ON task (case_id) WHERE case_id IS NOT NULL AND done_at IS NULL;
CREATE INDEX task_customer ON task (customer_id) WHERE customer_id IS NOT NULL;

-- A call to a customer, and what they said as a staff member typed it: never an answer, never a part of any score.
CREATE TABLE phone_call (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    task_id BIGINT NOT NULL REFERENCES task (id),
    customer_id BIGINT NOT NULL REFERENCES customer (id),
    case_id BIGINT REFERENCES recovery_case (id),
    invitation_id BIGINT REFERENCES invitation (id),
    staff_member_id BIGINT NOT NULL REFERENCES staff_member (id),
    outcome TEXT NOT NULL,                -- reached, no_answer, wrong_number
    put_right BIGINT,                     -- 1: yes, 0: no, NULL: not asked
    question TEXT,                        -- the rating question that was asked, its kind and scale
    rated_on TEXT,
    rating BIGINT,
    words TEXT NOT NULL DEFAULT '',
    at BIGINT NOT NULL
);
CREATE INDEX phone_call_case ON phone_call (case_id, id) WHERE case_id IS NOT NULL;
CREATE INDEX phone_call_customer ON phone_call (customer_id, at);
CREATE INDEX phone_call_at ON phone_call (brand_id, at);

CREATE TABLE inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    channel TEXT NOT NULL,
    ident TEXT NOT NULL,                  -- what makes this update the same one: kind, chat, message or press
    update_id BIGINT,
    chat TEXT NOT NULL,
    update_json TEXT,                     -- the update, as bot.channels.updates writes it; NULL once pruned
    state TEXT NOT NULL DEFAULT 'new',    -- new, done, dead; apart: done, and what it said is gone at once
    attempts BIGINT NOT NULL DEFAULT 1,
    deaths BIGINT NOT NULL DEFAULT 0,
    error TEXT,
    not_before BIGINT NOT NULL DEFAULT 0,
    received_at BIGINT NOT NULL,
    UNIQUE (brand_id, channel, ident)
);
CREATE INDEX inbox_new ON inbox (id) WHERE state = 'new';
CREATE INDEX inbox_dead ON inbox (id) WHERE state = 'dead';
CREATE INDEX inbox_apart ON inbox (received_at) WHERE state = 'apart';

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    channel TEXT NOT NULL,
    address_id BIGINT NOT NULL REFERENCES address (id),
    chat TEXT NOT NULL,
    class TEXT NOT NULL,                  -- A, B, C, D, E (E: edit, idempotent)
    priority BIGINT NOT NULL,
    purpose TEXT NOT NULL,                -- question, reply, apology, relay, escalation, follow_up, notice, reminder, edit …
    prompt TEXT,                          -- the prompt its buttons carry
    edits BIGINT,                         -- the outbox row that this row edits
    case_id BIGINT,
    conversation_id BIGINT,
    payload TEXT NOT NULL,                -- bot.channels.messages.Message, as JSON
    dedupe_key TEXT,
    state TEXT NOT NULL DEFAULT 'queued', -- queued, sending, sent, unknown, dead, cancelled
    not_before BIGINT NOT NULL DEFAULT 0,
    expires_at BIGINT,
    attempts BIGINT NOT NULL DEFAULT 0,
    copies BIGINT NOT NULL DEFAULT 0,     -- how many may have reached the chat
    fence BIGINT NOT NULL DEFAULT 0,
    lease_until BIGINT,
    channel_ref TEXT,                     -- the channel's id of the sent message
    error TEXT,
    queued_at BIGINT NOT NULL,
    sent_at BIGINT
);
CREATE UNIQUE INDEX outbox_once ON outbox (brand_id, dedupe_key) WHERE dedupe_key IS NOT NULL;
CREATE INDEX outbox_unsent ON outbox (id) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_ref ON outbox (address_id, channel_ref) WHERE channel_ref IS NOT NULL;
CREATE INDEX outbox_prompt ON outbox (prompt) WHERE prompt IS NOT NULL;
CREATE INDEX outbox_edits ON outbox (edits) WHERE edits IS NOT NULL AND state = 'queued';
CREATE INDEX outbox_trouble ON outbox (state) WHERE state IN ('unknown', 'dead');
CREATE INDEX outbox_case ON outbox (case_id) WHERE case_id IS NOT NULL;

-- Tries that did not simply succeed; a first try that did stands in its outbox row alone.
CREATE TABLE attempt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    outbox_id BIGINT NOT NULL REFERENCES outbox (id),
    fence BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    outcome TEXT NOT NULL,
    detail TEXT
);
CREATE INDEX attempt_outbox ON attempt (outbox_id);

CREATE TABLE due (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    kind TEXT NOT NULL,                   -- invite, remind, expire, follow_up, climb, chore …
    subject BIGINT NOT NULL,              -- the row it is about: invitation, conversation, case
    dedupe_key TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    zone TEXT,
    local_rule TEXT,
    state TEXT NOT NULL DEFAULT 'pending', -- pending, fired, cancelled, late, parked
    attempts BIGINT NOT NULL DEFAULT 0,
    claimed_until BIGINT,
    fired_at BIGINT,
    why TEXT,
    UNIQUE (brand_id, dedupe_key)
);
CREATE INDEX due_pending ON due (due_at, id) WHERE state = 'pending';
CREATE INDEX due_aside ON due (state, id) WHERE state IN ('parked', 'late');

-- Append only: who did what to which subject.
CREATE TABLE history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    subject TEXT NOT NULL,                -- conversation:12, case:3, customer:7
    actor TEXT NOT NULL,                  -- customer, staff:4, makegood, operator
    what TEXT NOT NULL,                   -- Replied, CaseOpened, Resolved …
    detail TEXT NOT NULL DEFAULT '',      -- ids and numbers, never a customer's words
    at BIGINT NOT NULL
);
CREATE INDEX history_subject ON history (subject, id);

-- The log of a web chat, in order: what its page shows, replayed from any entry onwards.
CREATE TABLE web_entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    address_id BIGINT NOT NULL REFERENCES address (id),
    kind TEXT NOT NULL,                   -- said (by us), heard (from the person), edited
    outbox_id BIGINT,                     -- the message it shows or changes
    body TEXT NOT NULL,                   -- JSON for the page
    dedupe_key TEXT NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (address_id, dedupe_key)
);
CREATE INDEX web_entry_chat ON web_entry (address_id, id);

-- A photo, voice message or document that somebody sent: where it is, and whether we keep it. The bytes are files in
-- the data folder, never in the database.
CREATE TABLE media (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    channel TEXT NOT NULL,                -- where it came from
    chat TEXT NOT NULL,
    kind TEXT NOT NULL,                   -- photo, voice, audio, video, document
    channel_file TEXT,                    -- the channel's own id of it, to fetch it or to send it on there
    name TEXT,                            -- as its sender named it
    mime TEXT,                            -- what it really is, by its first bytes, once it is kept
    size BIGINT,                          -- bytes
    digest TEXT,                          -- hex SHA-256 of the content
    path TEXT,                            -- below the media folder, once it is kept
    state TEXT NOT NULL,                  -- wanted, coming, unsent, kept, refused, erased
    why TEXT,                             -- why refused or erased
    customer_id BIGINT REFERENCES customer (id),
    conversation_id BIGINT,
    question TEXT,                        -- the question it answers
    case_message_id BIGINT,
    attempts BIGINT NOT NULL DEFAULT 0,
    not_before BIGINT NOT NULL DEFAULT 0,
    at BIGINT NOT NULL,
    erase_at BIGINT,                      -- when its retention ends
    album TEXT,                           -- those of one album were sent as one act
    waiting TEXT                          -- the update it came with, while the rest of its album is awaited
);
CREATE INDEX media_wanted ON media (not_before, id) WHERE state = 'wanted';
CREATE INDEX media_leaving ON media (id) WHERE state = 'erased' AND path IS NOT NULL;
CREATE INDEX media_album ON media (channel, chat, album) WHERE waiting IS NOT NULL;
CREATE INDEX media_chat ON media (channel, chat, at);
CREATE INDEX media_erase ON media (erase_at) WHERE erase_at IS NOT NULL;
CREATE INDEX media_case_message ON media (case_message_id) WHERE case_message_id IS NOT NULL;
CREATE INDEX media_conversation ON media (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX media_customer ON media (customer_id) WHERE customer_id IS NOT NULL;

-- Keys of the business's own systems, stored hashed; those in the configuration are not here.
CREATE TABLE api_key (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,                 -- hex SHA-256 of the key
    hint TEXT NOT NULL,                   -- its last four characters, to tell keys apart
    created_at BIGINT NOT NULL,
    expires_at BIGINT,                    -- set when it was made, or rotated: the old key works until then
    revoked_at BIGINT,
    last_used_at BIGINT,                  -- to the hour
    staff_member_id BIGINT REFERENCES staff_member (id),  -- in whose name it may approve and redeem; NULL: nobody's
    surveys BIGINT NOT NULL DEFAULT 0,    -- 1: it edits and publishes surveys, and may nothing else
    UNIQUE (brand_id, digest)
);

-- What was said elsewhere: a mention, a review, a note of staff. Never a part of any score.
CREATE TABLE feedback (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    source TEXT NOT NULL,
    feedback_id TEXT NOT NULL,            -- the sender's own id
    digest TEXT NOT NULL,                 -- of the canonical body, to tell a replay from a clash
    kind TEXT NOT NULL,                   -- mention, review, note, message
    customer_id BIGINT REFERENCES customer (id),
    touchpoint TEXT,
    author TEXT,
    text TEXT NOT NULL,
    url TEXT,
    occurred_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    case_id BIGINT REFERENCES recovery_case (id),  -- the case that its sender asked to open
    UNIQUE (brand_id, source, feedback_id)
);
CREATE INDEX feedback_customer ON feedback (customer_id) WHERE customer_id IS NOT NULL;

-- Messages to other systems and mailboxes, decided in a turn and sent after it: webhooks and e-mails.
CREATE TABLE notification (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    way TEXT NOT NULL,                    -- webhook:NAME, mail
    type TEXT NOT NULL,                   -- response.completed, case.opened, case.closed, message.waiting
    ident TEXT NOT NULL,                  -- the same at every try, so that a receiver can tell a repeat
    target TEXT NOT NULL DEFAULT '',      -- a mailbox; a webhook's address is the configuration's
    payload TEXT NOT NULL,
    dedupe_key TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued', -- queued, sending, sent, parked, cancelled
    attempts BIGINT NOT NULL DEFAULT 0,
    not_before BIGINT NOT NULL DEFAULT 0,
    error TEXT,
    queued_at BIGINT NOT NULL,
    sent_at BIGINT,
    UNIQUE (brand_id, dedupe_key)
);
CREATE INDEX notification_unsent ON notification (way, not_before, id) WHERE state IN ('queued', 'sending');
CREATE INDEX notification_parked ON notification (id) WHERE state = 'parked';

-- What the answers add up to, day by day in the business's zone, kept exactly in the turn's own transaction.
-- A count may go down again: an answer is changed, a conversation goes from partial to complete.
CREATE TABLE rollup (
    brand_id BIGINT NOT NULL,
    day BIGINT NOT NULL,                  -- days since 1970-01-01, by the business's calendar
    touchpoint TEXT NOT NULL,
    survey TEXT NOT NULL DEFAULT '',      -- key; empty for cases
    question TEXT NOT NULL DEFAULT '',    -- key; empty for what is counted once a response
    measure TEXT NOT NULL,                -- invited, complete, partial, rating, case_closed … (reports/tallies.py)
    value TEXT NOT NULL DEFAULT '',       -- the rating, the outcome
    count BIGINT NOT NULL,
    PRIMARY KEY (brand_id, day, touchpoint, survey, question, measure, value)
);

-- The time used against one target of a case, and how far its ladder was climbed.
CREATE TABLE case_clock (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES recovery_case (id),
    owed TEXT NOT NULL,                   -- acknowledge, first_contact, resolve, or a step of its plan
    state TEXT NOT NULL,                  -- recovery.clocks state, as JSON
    climb TEXT NOT NULL,                  -- recovery.ladders state, as JSON
    standing TEXT NOT NULL,               -- running, paused, met, breached (for lists)
    due_at BIGINT,                        -- when it is or was breached, as long as it runs; NULL while paused or done
    UNIQUE (case_id, owed)
);
CREATE INDEX case_clock_due ON case_clock (due_at) WHERE due_at IS NOT NULL;

-- Who was given a case, and why. Append only.
CREATE TABLE assignment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES recovery_case (id),
    staff_member_id BIGINT REFERENCES staff_member (id),  -- NULL: the team
    actor TEXT NOT NULL,                  -- makegood, or staff:4 who handed it over
    choice TEXT NOT NULL,                 -- recovery.routing.Choice with its reasons, as JSON; empty when handed over
    at BIGINT NOT NULL,
    severity BIGINT NOT NULL DEFAULT 1    -- the case's, when it was given
);
CREATE INDEX assignment_case ON assignment (case_id, id);
CREATE INDEX assignment_staff ON assignment (staff_member_id, at, severity);

-- What was done in a case, step by step, with its evidence. Append only.
CREATE TABLE case_step (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES recovery_case (id),
    step TEXT NOT NULL,                   -- apology, repair, empathy, atonement, follow_up; restatement, cause, draft, note, wow
    how TEXT NOT NULL,                    -- done, not_needed, asked, confirmed, corrected
    actor TEXT NOT NULL,                  -- customer, staff:4, makegood
    case_message_id BIGINT,               -- what was said, where something was
    evidence TEXT NOT NULL DEFAULT '',    -- words: what was done, parts used
    at BIGINT NOT NULL
);
CREATE INDEX case_step_case ON case_step (case_id, id);

-- A compensation put to a customer, from the wish to its redemption.
CREATE TABLE offer (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    case_id BIGINT NOT NULL REFERENCES recovery_case (id),
    customer_id BIGINT NOT NULL REFERENCES customer (id),
    state TEXT NOT NULL,                  -- recovery.offers.Offer, as JSON
    stage TEXT NOT NULL,                  -- for lists
    kind TEXT NOT NULL,                   -- voucher, credit, refund, gift, extra_allowance
    worth BIGINT NOT NULL,                -- minor units
    currency TEXT NOT NULL,
    what TEXT NOT NULL DEFAULT '',        -- in words: the gift, the allowance
    reason TEXT NOT NULL DEFAULT '',      -- why, for whoever approves
    owner_id BIGINT REFERENCES staff_member (id),       -- NULL: makegood's own, a thank-you that nobody has in hand
    revision BIGINT NOT NULL DEFAULT 1,   -- of the row
    created_at BIGINT NOT NULL,
    closed_at BIGINT
);
CREATE INDEX offer_case ON offer (case_id, id);
CREATE INDEX offer_customer ON offer (customer_id, id);
CREATE INDEX offer_awaiting ON offer (brand_id, id) WHERE stage = 'awaiting';

-- Every movement of money of every offer: one chain, to which lines are only added.
CREATE TABLE ledger_entry (
    brand_id BIGINT NOT NULL,
    number BIGINT NOT NULL,               -- counts from 1 without a gap
    movement TEXT NOT NULL,               -- reserved, released, spent, returned
    offer_id BIGINT NOT NULL REFERENCES offer (id),
    worth BIGINT NOT NULL,
    currency TEXT NOT NULL,
    case_number BIGINT NOT NULL,
    team_id BIGINT NOT NULL,              -- 0: no team
    staff_member_id BIGINT NOT NULL,
    ground TEXT NOT NULL,                 -- own, thanks, approval
    day BIGINT NOT NULL,                  -- days since 1970-01-01, by the business's calendar
    at BIGINT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (brand_id, number)
);
CREATE INDEX ledger_offer ON ledger_entry (offer_id, number);

-- What is held against a limit: reserved and spent. The CHECK is the last wall; an update that breaks it fails the turn.
CREATE TABLE spending (
    brand_id BIGINT NOT NULL,
    scope TEXT NOT NULL,                  -- case, person_day, team_month
    subject BIGINT NOT NULL,              -- the case, the staff member, the team (0: no team)
    period BIGINT NOT NULL,               -- 0, the day, or the month as year * 12 + month
    currency TEXT NOT NULL,
    held BIGINT NOT NULL,
    most BIGINT NOT NULL,                 -- the limit that held when this was last written
    PRIMARY KEY (brand_id, scope, subject, period, currency),
    CHECK (held >= 0 AND held <= most)
);

-- A code that is worth something: imported for a kind of offer, or made for one.
CREATE TABLE voucher (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    pool TEXT NOT NULL DEFAULT '',        -- the import it came with; empty: made by us
    kind TEXT NOT NULL,
    worth BIGINT,                         -- minor units; NULL: whatever its offer says
    currency TEXT,
    offer_id BIGINT REFERENCES offer (id), -- NULL: not given out yet
    issued_at BIGINT,
    valid_until BIGINT,
    redeemed_at BIGINT,
    redeemed_by TEXT,                     -- staff:4, key:NAME, operator
    redeemed_key TEXT,                    -- the caller's own key of that redemption, hashed, to tell a replay from a second one
    created_at BIGINT NOT NULL,
    UNIQUE (brand_id, code)
);
CREATE INDEX voucher_free ON voucher (brand_id, kind, id) WHERE offer_id IS NULL;
CREATE UNIQUE INDEX voucher_offer ON voucher (offer_id) WHERE offer_id IS NOT NULL;

-- A survey being written, before it is published. Every save is a new revision; older ones are kept to go back to.
CREATE TABLE draft (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    key TEXT NOT NULL,                    -- of the survey
    revision BIGINT NOT NULL,
    source TEXT NOT NULL,                 -- the survey file as it stands
    based_on BIGINT,                      -- number of the published version it began from
    actor TEXT NOT NULL,                  -- staff:4, operator
    what TEXT NOT NULL DEFAULT '',        -- the change in a few words
    at BIGINT NOT NULL,
    ended_at BIGINT,                      -- published or thrown away
    shows BIGINT,                         -- the revision whose text this one repeats, after undo and redo
    UNIQUE (brand_id, key, revision)
);

-- Where a staff member is with the surveys in their own chat; a tap on an older view is known by its count.
CREATE TABLE survey_desk (
    address_id BIGINT NOT NULL PRIMARY KEY REFERENCES address (id),
    view BIGINT NOT NULL,                 -- counts what was shown
    message_id BIGINT,                    -- outbox row of the message that shows it
    state TEXT NOT NULL                   -- bot.surveying.desk.State, as JSON
);
