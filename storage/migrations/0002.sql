-- Daily use: more ways to a customer, files, keys, feedback from elsewhere, notifications, and the first figures.

ALTER TABLE customer ADD COLUMN email TEXT;
ALTER TABLE customer ADD COLUMN phone TEXT;
ALTER TABLE staff_member ADD COLUMN naming_until BIGINT;
ALTER TABLE service_event ADD COLUMN staff_member_id BIGINT REFERENCES staff_member (id);
ALTER TABLE task ADD COLUMN customer_id BIGINT REFERENCES customer (id);
ALTER TABLE conversation ADD COLUMN closing BIGINT;

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
