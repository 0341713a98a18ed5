-- What was told of each meter's episodes of alerts, added up beside them (text_mark is the store's own function): an episode that somebody alters,
-- adds or removes behind the system's back no longer adds up. meter_no 0: of the system.
CREATE TABLE alert_sum (
    meter_no INTEGER PRIMARY KEY,
    episodes INTEGER NOT NULL,
    marks INTEGER NOT NULL
);
INSERT INTO alert_sum (meter_no, episodes, marks) SELECT meter_no, count(*), sum(text_mark(document)) FROM alert GROUP BY meter_no;
