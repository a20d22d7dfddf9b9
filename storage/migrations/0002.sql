-- Daily use: more ways to a customer, files, keys, feedback from elsewhere, notifications, and the first figures.
-- Recovery: teams, calendars, clocks, assignments, steps, offers and money. Surveys: drafts.

ALTER TABLE customer ADD COLUMN email TEXT;
ALTER TABLE customer ADD COLUMN phone TEXT;
ALTER TABLE staff_member ADD COLUMN naming_until BIGINT;
ALTER TABLE service_event ADD COLUMN staff_member_id BIGINT REFERENCES staff_member (id);
ALTER TABLE task ADD COLUMN customer_id BIGINT REFERENCES customer (id);
ALTER TABLE conversation ADD COLUMN closing BIGINT;
CREATE INDEX outbox_edits ON outbox (edits) WHERE edits IS NOT NULL AND state = 'queued';

CREATE TABLE chat_customer (
    address_id BIGINT NOT NULL REFERENCES address (id),
    customer_id BIGINT NOT NULL REFERENCES customer (id),
    link_id BIGINT,
    since_at BIGINT NOT NULL,
    PRIMARY KEY (address_id, customer_id)
);
CREATE INDEX chat_customer_customer ON chat_customer (customer_id);
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
CREATE TABLE media (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    kind TEXT NOT NULL,
    channel_file TEXT,
    name TEXT,
    mime TEXT,
    size BIGINT,
    digest TEXT,
    path TEXT,
    state TEXT NOT NULL,
    why TEXT,
    customer_id BIGINT REFERENCES customer (id),
    conversation_id BIGINT,
    question TEXT,
    case_message_id BIGINT,
    attempts BIGINT NOT NULL DEFAULT 0,
    not_before BIGINT NOT NULL DEFAULT 0,
    at BIGINT NOT NULL,
    erase_at BIGINT,
    album TEXT,
    waiting TEXT
);
CREATE INDEX media_wanted ON media (not_before, id) WHERE state = 'wanted';
CREATE INDEX media_leaving ON media (id) WHERE state = 'erased' AND path IS NOT NULL;
CREATE INDEX media_album ON media (channel, chat, album) WHERE waiting IS NOT NULL;
CREATE INDEX media_chat ON media (channel, chat, at);
CREATE INDEX media_erase ON media (erase_at) WHERE erase_at IS NOT NULL;
CREATE INDEX media_case_message ON media (case_message_id) WHERE case_message_id IS NOT NULL;
CREATE INDEX media_conversation ON media (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX media_customer ON media (customer_id) WHERE customer_id IS NOT NULL;
CREATE TABLE api_key (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    hint TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    last_used_at BIGINT,
    staff_member_id BIGINT REFERENCES staff_member (id),
    UNIQUE (brand_id, digest)
);
CREATE TABLE feedback (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    source TEXT NOT NULL,
    feedback_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    kind TEXT NOT NULL,
    customer_id BIGINT REFERENCES customer (id),
    touchpoint TEXT,
    author TEXT,
    text TEXT NOT NULL,
    url TEXT,
    occurred_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    case_id BIGINT REFERENCES recovery_case (id),
    UNIQUE (brand_id, source, feedback_id)
);
CREATE INDEX feedback_customer ON feedback (customer_id) WHERE customer_id IS NOT NULL;
CREATE TABLE notification (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    way TEXT NOT NULL,
    type TEXT NOT NULL,
    ident TEXT NOT NULL,
    target TEXT NOT NULL DEFAULT '',
    payload TEXT NOT NULL,
    dedupe_key TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued',
    attempts BIGINT NOT NULL DEFAULT 0,
    not_before BIGINT NOT NULL DEFAULT 0,
    error TEXT,
    queued_at BIGINT NOT NULL,
    sent_at BIGINT,
    UNIQUE (brand_id, dedupe_key)
);
CREATE INDEX notification_unsent ON notification (way, not_before, id) WHERE state IN ('queued', 'sending');
CREATE INDEX notification_parked ON notification (id) WHERE state = 'parked';
CREATE TABLE rollup (
    brand_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    touchpoint TEXT NOT NULL,
    survey TEXT NOT NULL DEFAULT '',
    question TEXT NOT NULL DEFAULT '',
    measure TEXT NOT NULL,
    value TEXT NOT NULL DEFAULT '',
    count BIGINT NOT NULL,
    PRIMARY KEY (brand_id, day, touchpoint, survey, question, measure, value)
);

CREATE TABLE sign_in (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    browser TEXT NOT NULL,
    code TEXT NOT NULL,
    token TEXT NOT NULL,
    seen_as TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    staff_member_id BIGINT REFERENCES staff_member (id),
    answer TEXT,
    answered_at BIGINT,
    used_at BIGINT,
    UNIQUE (brand_id, browser),
    UNIQUE (brand_id, code),
    UNIQUE (brand_id, token)
);

CREATE INDEX session_staff ON session (staff_member_id) WHERE staff_member_id IS NOT NULL;
CREATE INDEX case_waiting ON recovery_case (brand_id, stage, opened_at) WHERE closed_at IS NULL;
CREATE INDEX task_open ON task (brand_id, id) WHERE done_at IS NULL;
CREATE INDEX inbox_dead ON inbox (id) WHERE state = 'dead';
CREATE INDEX due_aside ON due (state, id) WHERE state IN ('parked', 'late');

UPDATE conversation SET closing = numbered.closing
FROM (
    SELECT id, ROW_NUMBER() OVER (ORDER BY closed_at, id) AS closing FROM conversation WHERE closed_at IS NOT NULL
) AS numbered
WHERE numbered.id = conversation.id;
CREATE UNIQUE INDEX conversation_closing ON conversation (closing) WHERE closing IS NOT NULL;

INSERT INTO chat_customer (address_id, customer_id, since_at)
SELECT id, customer_id, created_at FROM address WHERE customer_id IS NOT NULL;

CREATE TABLE team (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    calendar TEXT,
    per_month BIGINT,
    supervisor_up_to BIGINT,
    two_above BIGINT,
    created_at BIGINT NOT NULL,
    removed_at BIGINT,
    UNIQUE (brand_id, name)
);
CREATE TABLE calendar (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    written TEXT NOT NULL,
    since_at BIGINT NOT NULL,
    until_at BIGINT
);
CREATE UNIQUE INDEX calendar_holds ON calendar (brand_id, key) WHERE until_at IS NULL;
ALTER TABLE staff_member ADD COLUMN composing_what TEXT;
ALTER TABLE staff_member ADD COLUMN team_id BIGINT REFERENCES team (id);
ALTER TABLE staff_member ADD COLUMN skills TEXT NOT NULL DEFAULT '';
ALTER TABLE staff_member ADD COLUMN areas TEXT NOT NULL DEFAULT '';
ALTER TABLE staff_member ADD COLUMN speaks TEXT NOT NULL DEFAULT '';
ALTER TABLE staff_member ADD COLUMN calendar TEXT;
ALTER TABLE staff_member ADD COLUMN load_limit BIGINT NOT NULL DEFAULT 20;
ALTER TABLE staff_member ADD COLUMN away_at BIGINT;
ALTER TABLE staff_member ADD COLUMN given_at BIGINT;
ALTER TABLE staff_member ADD COLUMN per_case BIGINT;
ALTER TABLE staff_member ADD COLUMN per_day BIGINT;
ALTER TABLE staff_member ADD COLUMN offer_kinds TEXT;
ALTER TABLE staff_member ADD COLUMN authority_ends_at BIGINT;
ALTER TABLE recovery_case ADD COLUMN severity BIGINT NOT NULL DEFAULT 2;
ALTER TABLE recovery_case ADD COLUMN skill TEXT;
ALTER TABLE recovery_case ADD COLUMN area TEXT;
ALTER TABLE recovery_case ADD COLUMN team_id BIGINT REFERENCES team (id);
ALTER TABLE recovery_case ADD COLUMN assignee_id BIGINT REFERENCES staff_member (id);
ALTER TABLE recovery_case ADD COLUMN plan TEXT NOT NULL DEFAULT 'short';
ALTER TABLE recovery_case ADD COLUMN root_cause TEXT;
ALTER TABLE recovery_case ADD COLUMN first_contact_at BIGINT;
ALTER TABLE recovery_case ADD COLUMN resolved_at BIGINT;
ALTER TABLE recovery_case ADD COLUMN contacts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE recovery_case ADD COLUMN reopened BIGINT NOT NULL DEFAULT 0;
ALTER TABLE recovery_case ADD COLUMN on_the_spot BIGINT;
ALTER TABLE recovery_case ADD COLUMN rating_after BIGINT;
ALTER TABLE recovery_case ADD COLUMN rating_after_on TEXT;
ALTER TABLE recovery_case ADD COLUMN told_by TEXT;
ALTER TABLE task ADD COLUMN invitation_id BIGINT REFERENCES invitation (id);
ALTER TABLE task ADD COLUMN tries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN not_before BIGINT NOT NULL DEFAULT 0;
CREATE INDEX task_case ON task (case_id) WHERE case_id IS NOT NULL AND done_at IS NULL;
CREATE INDEX task_customer ON task (customer_id) WHERE customer_id IS NOT NULL;
CREATE TABLE phone_call (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    task_id BIGINT NOT NULL REFERENCES task (id),
    customer_id BIGINT NOT NULL REFERENCES customer (id),
    case_id BIGINT REFERENCES recovery_case (id),
    invitation_id BIGINT REFERENCES invitation (id),
    staff_member_id BIGINT NOT NULL REFERENCES staff_member (id),
    outcome TEXT NOT NULL,
    put_right BIGINT,
    question TEXT,
    rated_on TEXT,
    rating BIGINT,
    words TEXT NOT NULL DEFAULT '',
    at BIGINT NOT NULL
);
CREATE INDEX phone_call_case ON phone_call (case_id, id) WHERE case_id IS NOT NULL;
CREATE INDEX phone_call_customer ON phone_call (customer_id, at);
CREATE INDEX phone_call_at ON phone_call (brand_id, at);
CREATE INDEX case_customer ON recovery_case (customer_id, id);
CREATE INDEX service_event_customer ON service_event (customer_id, id);
CREATE INDEX case_closed ON recovery_case (brand_id, closed_at, id) WHERE closed_at IS NOT NULL;
CREATE INDEX case_owner ON recovery_case (owner_id) WHERE owner_id IS NOT NULL AND closed_at IS NULL;
CREATE INDEX case_assignee ON recovery_case (assignee_id) WHERE assignee_id IS NOT NULL AND closed_at IS NULL;
CREATE TABLE case_clock (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES recovery_case (id),
    owed TEXT NOT NULL,
    state TEXT NOT NULL,
    climb TEXT NOT NULL,
    standing TEXT NOT NULL,
    due_at BIGINT,
    UNIQUE (case_id, owed)
);
CREATE INDEX case_clock_due ON case_clock (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE assignment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES recovery_case (id),
    staff_member_id BIGINT REFERENCES staff_member (id),
    actor TEXT NOT NULL,
    choice TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX assignment_case ON assignment (case_id, id);
CREATE INDEX assignment_staff ON assignment (staff_member_id, at);
CREATE TABLE case_step (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES recovery_case (id),
    step TEXT NOT NULL,
    how TEXT NOT NULL,
    actor TEXT NOT NULL,
    case_message_id BIGINT,
    evidence TEXT NOT NULL DEFAULT '',
    at BIGINT NOT NULL
);
CREATE INDEX case_step_case ON case_step (case_id, id);
CREATE TABLE offer (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    case_id BIGINT NOT NULL REFERENCES recovery_case (id),
    customer_id BIGINT NOT NULL REFERENCES customer (id),
    state TEXT NOT NULL,
    stage TEXT NOT NULL,
    kind TEXT NOT NULL,
    worth BIGINT NOT NULL,
    currency TEXT NOT NULL,
    what TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    owner_id BIGINT REFERENCES staff_member (id),
    revision BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    closed_at BIGINT
);
CREATE INDEX offer_case ON offer (case_id, id);
CREATE INDEX offer_customer ON offer (customer_id, id);
CREATE INDEX offer_awaiting ON offer (brand_id, id) WHERE stage = 'awaiting';
CREATE TABLE ledger_entry (
    brand_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    movement TEXT NOT NULL,
    offer_id BIGINT NOT NULL REFERENCES offer (id),
    worth BIGINT NOT NULL,
    currency TEXT NOT NULL,
    case_number BIGINT NOT NULL,
    team_id BIGINT NOT NULL,
    staff_member_id BIGINT NOT NULL,
    ground TEXT NOT NULL,
    day BIGINT NOT NULL,
    at BIGINT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (brand_id, number)
);
CREATE INDEX ledger_offer ON ledger_entry (offer_id, number);
CREATE TABLE spending (
    brand_id BIGINT NOT NULL,
    scope TEXT NOT NULL,
    subject BIGINT NOT NULL,
    period BIGINT NOT NULL,
    currency TEXT NOT NULL,
    held BIGINT NOT NULL,
    most BIGINT NOT NULL,
    PRIMARY KEY (brand_id, scope, subject, period, currency),
    CHECK (held >= 0 AND held <= most)
);
CREATE TABLE voucher (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    pool TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL,
    worth BIGINT,
    currency TEXT,
    offer_id BIGINT REFERENCES offer (id),
    issued_at BIGINT,
    valid_until BIGINT,
    redeemed_at BIGINT,
    redeemed_by TEXT,
    redeemed_key TEXT,
    created_at BIGINT NOT NULL,
    UNIQUE (brand_id, code)
);
CREATE INDEX voucher_free ON voucher (brand_id, kind, id) WHERE offer_id IS NULL;
CREATE UNIQUE INDEX voucher_offer ON voucher (offer_id) WHERE offer_id IS NOT NULL;
CREATE TABLE draft (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    revision BIGINT NOT NULL,
    source TEXT NOT NULL,
    based_on BIGINT,
    actor TEXT NOT NULL,
    what TEXT NOT NULL DEFAULT '',
    at BIGINT NOT NULL,
    ended_at BIGINT,
    shows BIGINT,
    UNIQUE (brand_id, key, revision)
);
