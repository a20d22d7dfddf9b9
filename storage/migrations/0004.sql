-- How much somebody was given lately is read at every choice of a person: from the index alone, without the cases.

ALTER TABLE assignment ADD COLUMN severity BIGINT NOT NULL DEFAULT 1;
UPDATE assignment SET severity = (SELECT severity FROM recovery_case WHERE recovery_case.id = assignment.case_id);
DROP INDEX assignment_staff;
CREATE INDEX assignment_staff ON assignment (staff_member_id, at, severity);
