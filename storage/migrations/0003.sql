-- Surveys: experiments, and responses that are kept without a link to the customer.

ALTER TABLE conversation ADD COLUMN variant TEXT;
ALTER TABLE conversation ADD COLUMN anonymous BIGINT NOT NULL DEFAULT 0;
