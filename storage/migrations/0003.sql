-- Surveys: experiments, and responses that are kept without a link to the customer.

ALTER TABLE conversation ADD COLUMN variant TEXT;
ALTER TABLE conversation ADD COLUMN anonymous BIGINT NOT NULL DEFAULT 0;

-- Where a staff member is with the surveys in their own chat; a tap on an older view is known by its count.
CREATE TABLE survey_desk (
    address_id BIGINT NOT NULL PRIMARY KEY REFERENCES address (id),
    view BIGINT NOT NULL,                 -- counts what was shown
    message_id BIGINT,                    -- outbox row of the message that shows it
    state TEXT NOT NULL                   -- bot.surveying.desk.State, as JSON
);
