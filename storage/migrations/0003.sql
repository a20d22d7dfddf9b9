-- Surveys: experiments, and responses that are kept without a link to the customer.

ALTER TABLE conversation ADD COLUMN variant TEXT;
ALTER TABLE conversation ADD COLUMN anonymous BIGINT NOT NULL DEFAULT 0;
CREATE INDEX conversation_variant ON conversation (survey_version_id, id) WHERE variant IS NOT NULL;

-- Where a staff member is with the surveys in their own chat; a tap on an older view is known by its count.
CREATE TABLE survey_desk (
    address_id BIGINT NOT NULL PRIMARY KEY REFERENCES address (id),
    view BIGINT NOT NULL,                 -- counts what was shown
    message_id BIGINT,                    -- outbox row of the message that shows it
    state TEXT NOT NULL                   -- bot.surveying.desk.State, as JSON
);

-- Responses that keep no link to their customer, until several are let out together: under a random id, without a moment.
CREATE TABLE anonymous_response (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- drawn, not counted
    brand_id BIGINT NOT NULL,
    survey_version_id BIGINT NOT NULL REFERENCES survey_version (id),
    outcome TEXT NOT NULL,                -- complete, partial, break_off, none
    said TEXT NOT NULL                    -- conversations.state.Said, as JSON
);
CREATE INDEX conversation_apart ON conversation (survey_version_id) WHERE anonymous = 1;
CREATE INDEX inbox_apart ON inbox (received_at) WHERE state = 'apart';

-- A key that edits and publishes surveys, and may nothing else.
ALTER TABLE api_key ADD COLUMN surveys BIGINT NOT NULL DEFAULT 0;

-- The group of the staff is looked for each time that somebody is told of a case, among the chats of all customers.
CREATE INDEX address_group ON address (brand_id, id) WHERE kind = 'group';
