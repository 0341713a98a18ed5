// Generated from api/openapi.yaml by `npm run api:types`; not to be edited.

export interface paths {
    "/api/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Accounts, by account_id */
        get: operations["listAccounts"];
        put?: never;
        /**
         * Bill a customer for a meter from a day on
         * @description Operators only.
         */
        post: operations["createAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{account_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: components["schemas"]["Name"];
            };
            cookie?: never;
        };
        /** One account */
        get: operations["getAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change an account
         * @description The account's customer may change `goal_minor`; operators everything. Terms change from the day `terms_from` on; a term that is `null` goes back to its default.
         */
        patch: operations["updateAccount"];
        trace?: never;
    };
    "/api/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alerts, newest first */
        get: operations["listAlerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{alert_id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                alert_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that somebody has seen to it
         * @description The meter's customer may, and operators. May be repeated; the first one stands. 409 when the alert is resolved.
         */
        post: operations["acknowledgeAlert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bill-runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Bill runs, newest first
         * @description Operators only.
         */
        get: operations["listBillRuns"];
        put?: never;
        /**
         * Preview what could be issued
         * @description Operators only. Looks at every draft whose cycle ended on `until` (a local date, today by default) or before and that is not issued, or is issued
         *     and asks for something else by now: each becomes an item, with the gates that hold it. Nothing is issued yet, and nothing of the ledger
         *     changes. A run may be made again at any time.
         *
         *     | gate | |
         *     |---|---|
         *     | `grace` | the days of grace for late readings are not over (setting `bill_grace_days`) |
         *     | `incomplete` | quarter-hours are missing or partial |
         *     | `estimated` | billed by estimate for more cycles than may be |
         *     | `jump` | further from the mean of the three bills before than the setting `bill_jump_percent` |
         *     | `pending` | readings of the meter are still being worked on |
         *     | `no_account` | nobody to bill; cannot be released |
         */
        post: operations["createBillRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bill-runs/{run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: components["parameters"]["RunId"];
            };
            cookie?: never;
        };
        /**
         * One run as it stands
         * @description Operators only.
         */
        get: operations["getBillRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bill-runs/{run_id}/issue": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: components["parameters"]["RunId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Issue what is ready
         * @description Operators only. Works for about two seconds and answers with the run as it stands: while its state is `issuing`, ask again. Repeating is safe,
         *     also after anything was interrupted: no bill is issued twice, and numbers have no hole. A draft that changed since the preview is not issued but
         *     `stale`: it needs another run. 409 where the preview did not come to its end.
         *
         *     An issued bill has a `number` over all bills, its `hash` (SHA-256 over the `previous_hash`, a line feed and the document as it was issued) and a
         *     due date, and is never changed. What it was worked out from is recorded with it and named by `inputs_hash`. Where readings, decisions or tariffs that come later make it another bill, the next run corrects it: the next
         *     `edition`, whose `adjustment` negates the lines of the one before.
         */
        post: operations["issueBills"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bill-runs/{run_id}/items": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: components["parameters"]["RunId"];
            };
            cookie?: never;
        };
        /**
         * The bills of a run
         * @description Operators only.
         */
        get: operations["listBillRunItems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bill-runs/{run_id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: components["parameters"]["RunId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a held bill pass its gates, with a reason
         * @description Operators only. 409 where it is issued, has changed since the preview, or has nobody to bill.
         */
        post: operations["releaseBill"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Bills, newest cycle first */
        get: operations["listBills"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bills/{bill_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                bill_id: string;
            };
            cookie?: never;
        };
        /**
         * One bill
         * @description Its last issued edition where there is one, else as the ledger has it. `edition` asks for an earlier one: nothing that was issued is ever
         *     changed.
         */
        get: operations["getBill"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bills/{bill_id}.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                bill_id: string;
            };
            cookie?: never;
        };
        /**
         * One bill on paper
         * @description The bill of `/bills/{bill_id}` as an A4 PDF: every amount is that document's, to the last digit. Around it stand the utility's name, the customer, the
         *     next read date, and the energy of up to twelve bills before it (of an issued bill: as they had been issued when it was). The same bill is the same
         *     bytes. Its text can be selected and read aloud. Open bills and drafts say that they are not to be paid.
         */
        get: operations["getBillPdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bills/{bill_id}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                bill_id: string;
            };
            cookie?: never;
        };
        /**
         * Each line of a bill, down to the intervals that made it
         * @description Worked out by the engine that bills. An issued bill comes from the inputs that were recorded with it, so this never changes; an open bill or
         *     a draft from the ledger as it is now.
         *
         *     Without `line`: every line, its energy by local days. With `line`: that line alone, in the finest intervals it was billed by (quarter-hours cut
         *     at the tariff's windows; days where the tariff does not look inside them), at most 5,000 in one answer; `next_cursor` asks for the rest.
         *
         *     Of a line of energy, `intervals.wh` adds up to `energy.quantity_wh`, which is the line's `quantity`; `intervals.metered_wh` to
         *     `energy.metered_wh`; and metered + compensated + rounding + minimum + other is the quantity.
         */
        get: operations["explainBill"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bills/{bill_id}/payment": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                bill_id: string;
            };
            cookie?: never;
        };
        get?: never;
        /**
         * What is known of the payment of an issued bill
         * @description Operators only. What is left out stays as it was. It belongs to the last edition; each change is kept.
         */
        put: operations["setPayment"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Days on which a check over time found something, of all meters, newest first; for operators
         * @description With `district` or `check` a page may hold fewer days than `limit`, even none, and still have a `next_cursor`: 20,000 days on which
         *     something was found are looked at for one page.
         */
        get: operations["listChecks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Customers, by customer_id */
        get: operations["listCustomers"];
        put?: never;
        /**
         * Make a customer
         * @description Operators only.
         */
        post: operations["createCustomer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{customer_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                customer_id: components["schemas"]["Name"];
            };
            cookie?: never;
        };
        /** One customer */
        get: operations["getCustomer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a customer
         * @description Operators only. What is left out stays; `null` takes it away.
         */
        patch: operations["updateCustomer"];
        trace?: never;
    };
    "/api/v1/estimates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Decisions on readings, newest first
         * @description Operators only.
         */
        get: operations["listEstimates"];
        put?: never;
        /**
         * Decide on a reading or a span, with a reason
         * @description Operators only. Facts stay as they came; a decision stands beside them, and what is derived (quarter-hours, verdicts, open bills and drafts)
         *     follows within seconds of its approval.
         *
         *     `accept` and `refuse` name one stored register read by `ts` and `value_wh`: it is used, or set aside, whatever its neighbours say. `edit`
         *     gives the energy of [`from`, `to`), spread by the shape that the span has, evenly where it has none. `estimate` fills the quarter-hours of
         *     the span that were not measured: with `energy_wh` up to that total, without it those that are missing, or covered in part, as the like-days
         *     before the span were. A span is at most 62 days; a local date is one of the meter's zone; the begin is cut down and the end up to a
         *     quarter-hour. Of two decisions on the same thing the later one holds.
         *
         *     Where |`after_wh` − `before_wh`| is beyond the setting `second_person_wh` the decision is `proposed`, and has no effect until a second
         *     person approves it. 409 where too many decisions stand on the meter.
         */
        post: operations["createEstimate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/estimates/{estimate_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                estimate_id: components["parameters"]["EstimateId"];
            };
            cookie?: never;
        };
        /**
         * One decision as it stands
         * @description Operators only.
         */
        get: operations["getEstimate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/estimates/{estimate_id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                estimate_id: components["parameters"]["EstimateId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve what another proposed
         * @description Operators only, and never by whoever proposed it (403 `second_person`). It has its effect from then on. 409 where it is
         *     not `proposed` any more.
         */
        post: operations["approveEstimate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/estimates/{estimate_id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                estimate_id: components["parameters"]["EstimateId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reject what another proposed
         * @description Operators only, and never by whoever proposed it (403 `second_person`). 409 where it is not `proposed` any more.
         */
        post: operations["rejectEstimate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/estimates/{estimate_id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                estimate_id: components["parameters"]["EstimateId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take back what one decided
         * @description By its author, proposed or approved, or by an administrator (403 `not_yours` for others). What stood before stands again. 409 where
         *     it is rejected or withdrawn already.
         */
        post: operations["withdrawEstimate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/estimates/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a decision would change, without taking it
         * @description Operators only. The body is that of `POST /estimates`, and refused for the same reasons; `reason` may be left out.
         */
        post: operations["previewEstimate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fleet/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The whole fleet at a glance
         * @description Operators only.
         */
        get: operations["getFleetSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens to all meters that one may see, as Server-Sent Events
         * @description Events `reading`, `bill` and `alert`, whose data are the MQTT objects with `meter_id`; the id of an event is its
         *     place in the ledger's tail. `Last-Event-ID` resumes there (ten minutes are kept); `event: reset` says that events
         *     are missing and that state must be fetched anew. A comment comes every 15 s. The stream ends with its session.
         */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is asking, and what they may see */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Meters that one may see, by meter_id */
        get: operations["listMeters"];
        put?: never;
        /**
         * Register a metering point
         * @description Operators only.
         */
        post: operations["createMeter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meters/{meter_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        /** One meter */
        get: operations["getMeter"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Describe a meter anew
         * @description Operators only. What is left out stays. `If-Match` takes the ETag of `GET` and refuses with 412 when the meter's
         *     description has changed since.
         */
        patch: operations["updateMeter"];
        trace?: never;
    };
    "/api/v1/meters/{meter_id}/alert-rules": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        /** The rules of a meter's alerts */
        get: operations["getAlertRules"];
        /**
         * Set the rules of a meter's alerts
         * @description The meter's customer may, and operators. What is left out, or `null`, goes back to the rule by default. In force
         *     from now on, within seconds.
         */
        put: operations["setAlertRules"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meters/{meter_id}/bill": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        /**
         * The bill so far of the open cycle, with its forecast
         * @description 404 with type `…/no_bill_yet` while the meter has no open bill (no reading came yet).
         */
        get: operations["getMeterBill"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meters/{meter_id}/checks": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        /**
         * What the checks over time say of each closed local day of a meter
         * @description Every check of every day: found, passed, or skipped with its reason. Checks are advisory: they change no energy. Their thresholds are
         *     dated settings of the utility (`check.<name>`), also per class of point (`check.<name>.<class>`). Without `from` and `to` the last 31
         *     days; at most 62.
         */
        get: operations["listMeterChecks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meters/{meter_id}/commands": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        /**
         * What the meter was asked to do, and what became of it, newest first
         * @description Operators only. Holes in a sequence that the system asks for by itself stand among them, said by `ingestor`. Kept for ninety days after they
         *     expired.
         */
        get: operations["listCommands"];
        put?: never;
        /**
         * Ask the meter to do something
         * @description Operators only. `resend` asks for readings `from_seq` to `to_seq` of a `boot` again; `set_interval` for another interval between readings. It is
         *     `queued`, within a second or two `sent` on `meters/<meter_id>/commands`, and `done` or `refused` when the meter answers with an event. Without
         *     an answer it is `expired` after `expires_in_s`: a meter does not do it any more then. 503 where too many commands wait.
         */
        post: operations["createCommand"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meters/{meter_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        /** What a meter told besides readings, as it was received, newest first */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meters/{meter_id}/export.csv": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        /**
         * Quarter-hours of a meter as CSV
         * @description Streamed: any stretch, one row per quarter-hour, from `from` (left out: the first day that is known) to `to` (left out: now). Columns: `ts` (its
         *     start, RFC 3339 UTC), `import_wh`, `export_wh`, `import_quality`, `export_quality`, `local` (the wall clock). A cell is empty where nothing is known,
         *     never 0; `export_quality` is empty of a meter that never sent export energy. `qw rate --usage` reads it. The answer comes in chunks: one that was
         *     cut short is no whole HTTP message. 503 where too many are under way: 16, and 4 of one login.
         */
        get: operations["exportCsv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meters/{meter_id}/greenbutton.xml": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        /**
         * Quarter-hours of a meter as Green Button
         * @description The same as an Atom feed of ESPI (NAESB REQ.21, "Download My Data"): a UsagePoint, its LocalTimeParameters, and for import (`flowDirection` 1) and
         *     export (19) a MeterReading with its ReadingType (Wh, 900 s) and one IntervalBlock per local day. What is missing is not there. Qualities: 17 validated
         *     (the default), 8 estimated, 7 edited, 13 measured in part. The same resource has the same id in every file.
         */
        get: operations["exportGreenButton"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meters/{meter_id}/live": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        /**
         * What happens to one meter, as Server-Sent Events
         * @description As `GET /live`, of one meter.
         */
        get: operations["liveMeter"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meters/{meter_id}/outages": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        /**
         * Outages of a meter, newest first, with DIC and FIC of each local month, quarter and year, and DMIC of each month
         * @description Made of the events `power_fail` and `power_restored`, of readings flagged `power_fail` and of all other readings, which show that there was
         *     power; in whatever order they came. Where a half is missing the nearest reading bounds the outage. Interruptions of three minutes and more
         *     count (ANEEL, PRODIST module 8): over the end of a month, the time in the month in which it passed, the number in the one in which it began.
         *     The indicators are raw: critical days and other purges are not taken out.
         *
         *     `months` are those that [`from`, `to`) touches, whole, at most 24; without both the month that holds now. With `period=quarter` they are
         *     all the months of the quarters that it touches, and the `quarters` are told; with `period=year` those of the years, and both are told. A
         *     quarter or a year is the sum of its months (before they are rounded); PRODIST limits DIC and FIC of months, quarters and years, and DMIC
         *     of months alone. 400 where more than 500,000 readings lie in them.
         */
        get: operations["getOutages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meters/{meter_id}/readings": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        /** Readings as they were sent, with what became of them */
        get: operations["listReadings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meters/{meter_id}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        /**
         * Use per quarter-hour, hour, day or month of the meter's zone
         * @description Buckets are cut by the server in the meter's zone: a local day has 23 to 25 hours. `from` is moved back to the
         *     start of its bucket and `to` forward to the end of its bucket; the answer's `from` and `to` say where. Left out,
         *     `to` is the end of the bucket that holds now, and `from` lies 1 day, 7 days, 31 days or 12 months before `to`,
         *     after the size of the bucket. At most 5,000 points: else 400, whose detail names a coarser bucket.
         */
        get: operations["getUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.yaml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["getOpenapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quality": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How complete each meter's local days are
         * @description One item per local day and meter, by `day`, then `meter_id`; without `from` and `to` yesterday of each meter's zone, with `to` alone
         *     the day before it, with `from` alone until today's; at most 62 days. Quarter-hours are those of the import.
         *
         *     Expected are the quarter-hours that are over, with half a reading interval of patience; nothing is expected of a meter that is
         *     inactive, or before it was registered, but for what is there nevertheless. Readings are counted beside the quarter-hours: of a closed
         *     day they are kept in the ledger (and follow when something comes late), of an open one they are counted when they are asked for.
         *
         *     With `incomplete=true` only days on which a quarter-hour is estimated, missing or partly known, or at least two readings did not come
         *     (one near midnight falls on either day). Such a page may hold fewer items than `limit`, even none, and still have a `next_cursor`: 10,000
         *     days are looked at for one page. The totals are of all days, whatever `incomplete` says.
         */
        get: operations["getQuality"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in with a password
         * @description Sets the session's cookie (`HttpOnly`, `SameSite=Strict`) and answers as `GET /me` does. After failures the
         *     answer becomes slower, then 429 with `Retry-After`, per user name and per address.
         */
        post: operations["createSession"];
        /** Log out */
        delete: operations["deleteSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tariffs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tariffs, by tariff_id */
        get: operations["listTariffs"];
        put?: never;
        /**
         * Take in the first document of a tariff
         * @description Operators only. The body is a `tariff/1` document (docs/tariffs.md), checked as `qw tariff check` does: of a mistake `errors` has the JSON
         *     pointer and what would be right. It is kept byte for byte; bills of accounts that have this tariff are made anew.
         */
        post: operations["createTariff"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tariffs/{tariff_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tariff_id: components["parameters"]["TariffId"];
            };
            cookie?: never;
        };
        /** One tariff with its document */
        get: operations["getTariff"];
        /**
         * Put a new document in a tariff's place
         * @description Operators only. The body is the whole document, checked as on `POST`; its `id` is the one in the path. Former documents stay readable by their
         *     `version_hash`. Drafts and open bills follow; of issued bills the next bill run proposes corrections.
         */
        put: operations["replaceTariff"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tariffs/{tariff_id}/simulate": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tariff_id: components["parameters"]["TariffId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a meter would have paid under this tariff
         * @description Over its own ended billing cycles that begin and end in that time, beside what its own tariff gives: the same energy, the same account, the same
         *     engine; each cycle on its own, without credits or demands of cycles before, as bills are made. Nothing is written. A customer asks for a meter
         *     of theirs and gets cycles of their own accounts; a token needs `tariffs:read` and `bills:read`.
         *
         *     Of a table that does not know a month of the cycle yet (flags, monthly taxes) the last one known is used, and `note` says so. A cycle of which fewer than 900 ‰ of the quarter-hours are known, or that this tariff cannot bill (no version in force, something of the account
         *     that it asks for is not said), is left out on both sides, with the reason. Where none remains the answer is 422, in words.
         */
        post: operations["simulateTariff"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One's own API tokens, without their secrets
         * @description Revoked and expired ones too.
         */
        get: operations["listTokens"];
        put?: never;
        /**
         * Make an API token for oneself
         * @description The answer holds the secret, this once; what is stored is its hash, and no `Idempotency-Key` is taken. A token may not do more than who makes it,
         *     and one that is made with a token not outlive that.
         */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token_id: components["schemas"]["Name"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of one's own API tokens */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/verdicts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was refused at the door, and what was set aside or specially judged over its neighbours
         * @description Newest first by `at`: the receipt of what was refused, the `ts` of what the neighbours say. What was refused is kept bounded,
         *     with the first 1,024 bytes of its payload, and is for operators alone (403 where a customer asks for `place=door`); a
         *     customer sees what the neighbours say of their own meters, within their accounts. What the neighbours say is derived: it may change
         *     when readings arrive late.
         *
         *     What the checks over time found (a spike, a frozen register, a day far above or below this meter's own, …) comes only where it is asked for:
         *     with `place=over_time`, with `place=any`, or with a check's name as `verdict`. Its `at` is the midnight (UTC) of the day's date, and
         *     `from` and `to` are compared with the day. It is advisory, and gone when the day is no longer odd.
         *
         *     With `district`, or a check's name, a page may hold fewer items than `limit`, even none, and still have a `next_cursor`: 20,000 rows of
         *     each place are looked at for one page.
         */
        get: operations["listVerdicts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The program is alive */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Counters in the text format of Prometheus
         * @description From this machine only, unless `metrics-public` is on; others get 403.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The program can serve
         * @description Both databases are readable and the ingestor's heartbeat is fresh.
         */
        get: operations["getReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A customer is billed for a meter; bills belong to it. Its terms are those of today, `null` where the default holds. */
        Account: {
            account_id: components["schemas"]["Name"];
            class: string | null;
            customer_id: components["schemas"]["Name"];
            cycle_group: string | null;
            from: components["schemas"]["LocalDate"];
            /** @description What the household wants to stay under per cycle, in its tariff's currency. */
            goal_minor: number | null;
            meter_id: components["schemas"]["Name"];
            municipality: string | null;
            phases: number | null;
            /**
             * @description `closed`: it has an end.
             * @enum {string}
             */
            state: "active" | "closed";
            tariff_id: string | null;
            /** @description The day after the last; `null` while nobody moved out. */
            until: components["schemas"]["LocalDate"] | null;
        };
        AccountChange: {
            class?: string | null;
            cycle_group?: string | null;
            goal_minor?: number | null;
            municipality?: string | null;
            phases?: number | null;
            tariff_id?: string | null;
            /** @description Required beside a term. */
            terms_from?: components["schemas"]["LocalDate"];
            /** @description Somebody moves out at this local midnight; `null` takes it back. */
            until?: components["schemas"]["LocalDate"] | null;
        };
        AccountPage: {
            items: components["schemas"]["Account"][];
            next_cursor: components["schemas"]["NextCursor"];
        };
        Acknowledgement: {
            at: components["schemas"]["Instant"];
            by: string;
            note: string | null;
        };
        AcknowledgeRequest: {
            /** @description At most 160 bytes of UTF-8. */
            note?: string;
        };
        /** @description As on MQTT, with its acknowledgement. */
        Alert: {
            /** @description Where there is one. */
            acknowledgement?: components["schemas"]["Acknowledgement"];
            alert_id: string;
            kind: components["schemas"]["AlertKind"];
            message: {
                en: string;
                "pt-BR": string;
            };
            revision: number;
            severity: components["schemas"]["Severity"];
            since: components["schemas"]["Instant"];
            state: components["schemas"]["AlertState"];
            subject: components["schemas"]["AlertSubject"];
            threshold: number;
            /**
             * @example Wh
             * @example percent
             */
            unit: string;
            /** @description The end of a resolved one. */
            until?: components["schemas"]["Instant"];
            updated: components["schemas"]["Instant"];
            value: number;
        };
        /** @enum {string} */
        AlertKind: "excess_consumption" | "bill_variation" | "bill_forecast_over_goal" | "tier_edge" | "standby_waste" | "meter_silent" | "voltage_out_of_range" | "reverse_flow" | "tamper" | "clock_drift" | "register_fault" | "district_outage" | "feeder_imbalance" | "broker_dropping" | "certificate_expiry" | "claim_refused";
        AlertPage: {
            items: components["schemas"]["Alert"][];
            next_cursor: components["schemas"]["NextCursor"];
        };
        /** @description `null`, or left out on `PUT`: the rule by default, from the meter's own past or the settings. */
        AlertRules: {
            bill_variation?: null | {
                /** @default true */
                enabled?: boolean;
                /** @description How far the forecast may lie above the mean of past bills; left out, as the settings say. */
                percent?: number;
            };
            excess_consumption?: null | {
                /** @description Energy of a local day above which it alerts; left out, it follows the meter's own past. */
                day_wh?: number;
                /** @default true */
                enabled?: boolean;
            };
        };
        /** @enum {string} */
        AlertState: "active" | "acknowledged" | "resolved";
        /** @description One of these members says whom it is about. */
        AlertSubject: {
            district?: string;
            feeder?: string;
            meter_id?: components["schemas"]["Name"];
            system?: boolean;
        };
        /** @description Without both registers' readings the exchange is known, but not its energy. */
        AnnouncedExchange: {
            new_register_max_wh: number | null;
            new_serial: string | null;
            new_start_wh: number | null;
            old_final_wh: number | null;
            old_serial: string | null;
            ts: components["schemas"]["Instant"];
        };
        /** @description One object everywhere, MQTT and `qw rate` included. */
        Bill: {
            account_id: string | null;
            adjustment?: components["schemas"]["BillCorrection"];
            /** @description After lines and taxes: credits from a bank, a minimum amount, a true-up, what else was given. */
            adjustments?: components["schemas"]["BillAdjustment"][];
            as_of: components["schemas"]["Instant"];
            bill_id: string;
            /** @description After netting, credits, rounding and a minimum. */
            billed_wh?: components["schemas"]["Wh"];
            /** @description No part of the span is missing or waiting to be worked on. */
            complete: boolean;
            /** @description Each programme of credits over this bill: its `id`, and opening, earned, received, used, expired, settled, closing in `_wh` or `_minor`. */
            credits?: ({
                id: string;
            } & {
                [key: string]: unknown;
            })[];
            currency: string;
            /** @description The cycle's first day. */
            cycle_from: components["schemas"]["LocalDate"];
            /** @description The day after its last one. */
            cycle_until: components["schemas"]["LocalDate"];
            days: number;
            due_date?: components["schemas"]["LocalDate"];
            /** @description Of an issued bill: 1, and one more with each correction. */
            edition?: number;
            /** @description 743 in a March that loses one. */
            elapsed_hours?: number;
            /** @description Those are more than the setting `estimated_cycles_max` allows: the meter is to be read. */
            estimated_beyond?: boolean;
            /**
             * @description So many consecutive cycles up to this one are billed by estimate: more than the setting `estimated_share_percent` of their energy is
             *     estimated. 0: this one is not.
             */
            estimated_cycles?: number;
            /** @description Of `import_wh`: the energy of estimated quarter-hours. */
            estimated_wh?: number;
            export_wh?: components["schemas"]["Wh"];
            /** @description Of an open bill, when there is enough to say one; else `null`. */
            forecast: components["schemas"]["Forecast"] | null;
            /** @description SHA-256 over `previous_hash`, a line feed and the document as it was issued. */
            hash?: string;
            import_wh: components["schemas"]["Wh"];
            /** @description SHA-256 over the inputs recorded with it (tariff document, account, energy, prices), from which `qw verify` works it out again. Not there in bills issued before inputs were recorded. */
            inputs_hash?: string;
            issued_at?: components["schemas"]["Instant"];
            lines: components["schemas"]["BillLine"][];
            meter_id: components["schemas"]["Name"];
            /** @description Digits of the minor unit; 2 for cents. */
            minor: number;
            /** @description Why there is no price */
            note?: string;
            /** @description Of an issued bill: over all bills, without a hole. */
            number?: number;
            payment?: components["schemas"]["Payment"];
            /** @description The `hash` of the bill numbered one less; "" in the first. */
            previous_hash?: string;
            /** @description As printed on a bill; see `cycle_from` for the span. */
            read_from: components["schemas"]["LocalDate"];
            read_to: components["schemas"]["LocalDate"];
            /** @description What is missing to the total where it is rounded on its own. */
            rounding_minor?: number;
            state: components["schemas"]["BillState"];
            subtotal_minor: number;
            /** @description Its id is "" while no tariff is known; then there are no lines, and `note` says why. */
            tariff: {
                id: string;
                version_hash: string;
            };
            taxes: components["schemas"]["BillTax"][];
            total_minor: number;
        };
        BillAdjustment: {
            amount_minor: number;
            /** @description Before rounding, as `num/den`. */
            exact_minor?: string;
            id: string;
            /** @description A JSON pointer into the tariff document. */
            rule?: string;
        };
        /** @description What a correction takes back of the edition before, and why. */
        BillCorrection: {
            /** @description Readings of the cycle received since (the newest twenty), and decisions on them; none where the tariff changed. */
            caused_by: {
                action?: string;
                estimate_id?: string;
                /** @enum {string} */
                kind: "reading" | "estimate";
                received?: components["schemas"]["Instant"];
                state?: string;
                ts?: components["schemas"]["Instant"];
            }[];
            /** @description This total less that one's. */
            difference_minor: number;
            /** @description Lines, taxes and adjustments of the edition before with their amounts turned round. */
            negated: {
                adjustments?: {
                    [key: string]: unknown;
                }[];
                lines: {
                    [key: string]: unknown;
                }[];
                subtotal_minor: number;
                taxes: {
                    [key: string]: unknown;
                }[];
                total_minor: number;
            };
            /** @description The number of the edition before. */
            negates: number;
        };
        BillExplanation: {
            account_id: string | null;
            adjustments?: components["schemas"]["BillAdjustment"][];
            /** @description These are the lines and sums of the bill. False where an open bill or a draft is about to be made again. */
            as_billed: boolean;
            as_of: components["schemas"]["Instant"];
            bill_id: string;
            credits?: ({
                id: string;
            } & {
                [key: string]: unknown;
            })[];
            currency: string;
            cycle_from: components["schemas"]["LocalDate"];
            cycle_until: components["schemas"]["LocalDate"];
            days: number;
            /** @description Of an issued bill. */
            edition?: number;
            /**
             * @description `recorded`: those of the issue; `ledger`: as the ledger is now.
             * @enum {string}
             */
            inputs: "recorded" | "ledger";
            lines: components["schemas"]["ExplainedLine"][];
            meter_id: components["schemas"]["Name"];
            minor: number;
            next_cursor: components["schemas"]["NextCursor"];
            note?: string;
            /** @description Of an issued bill. */
            number?: number;
            rounding_minor?: number;
            state: components["schemas"]["BillState"];
            subtotal_minor: number;
            tariff: {
                id: string;
                /** @description Of the document that `rule` points into. */
                version_hash: string;
            };
            taxes: components["schemas"]["BillTax"][];
            total_minor: number;
            /** @description The meter's zone. */
            tz: string;
        };
        BillLine: {
            /** @description The legal act of that version. */
            act?: string;
            /** @description In currency, at the line's own digits. */
            amount?: string;
            amount_minor: number;
            /** @description The amount in minor units before rounding, as `num/den`. */
            exact_minor?: string;
            /** @description The formula, where it was asked for. */
            how?: string;
            id: string;
            quality: components["schemas"]["Quality"];
            /** @description Decimal. */
            quantity: string;
            /** @description A JSON pointer into the tariff document. */
            rule: string;
            /** @description Half-open local dates: `2026-04-10/2026-05-01`. */
            segment: string;
            /** @description Tax id to minor units that are inside the amount. */
            tax_included: {
                [key: string]: number;
            };
            /**
             * @example kWh
             * @example day
             * @example month
             * @example bill
             */
            unit: string;
            /** @description Decimal. */
            unit_price: string;
            /** @description With the taxes that stand inside. */
            unit_price_gross?: string;
        };
        BillPage: {
            items: components["schemas"]["Bill"][];
            next_cursor: components["schemas"]["NextCursor"];
        };
        BillRelease: {
            bill_id: string;
            reason: string;
        };
        BillRun: {
            at: components["schemas"]["Instant"];
            /** @description Of the bills that they follow, or correct. */
            before_minor: number | null;
            by: string;
            counts: {
                /** @description Of all of them, those that correct an issued bill. */
                corrections: number;
                /** @description By a gate. */
                held: number;
                issued: number;
                ready: number;
                /** @description Changed since the preview: they need another run. */
                stale: number;
            };
            /** @description `null`: there are several, or no bills. */
            currency: string | null;
            /** @description Of which alone it is; `null`: of all. */
            cycle_group: string | null;
            run_id: components["schemas"]["Name"];
            /** @enum {string} */
            state: "previewing" | "preview" | "issuing" | "issued";
            /** @description Of all bills of the run. */
            total_minor: number | null;
            until: components["schemas"]["LocalDate"];
        };
        BillRunItem: {
            account_id: string | null;
            /** @description The edition it corrects, else the bill before; `null`: there is none. */
            before_minor: number | null;
            bill_id: string;
            currency: string;
            cycle_from: components["schemas"]["LocalDate"];
            cycle_until: components["schemas"]["LocalDate"];
            gates: ("grace" | "incomplete" | "estimated" | "jump" | "pending" | "no_account")[];
            minor: number;
            /** @description The number of the edition that it corrects. */
            negates: number | null;
            /** @description As which it was issued. */
            number: number | null;
            released_by: string | null;
            /** @enum {string} */
            state: "ready" | "held" | "issued" | "stale";
            total_minor: number;
        };
        BillRunItemPage: {
            items: components["schemas"]["BillRunItem"][];
            next_cursor: components["schemas"]["NextCursor"];
        };
        BillRunPage: {
            items: components["schemas"]["BillRun"][];
            next_cursor: components["schemas"]["NextCursor"];
        };
        /** @enum {string} */
        BillState: "open" | "draft" | "issued" | "adjusted";
        BillTax: {
            amount_minor: number;
            /** @description Before rounding, as `num/den`. */
            exact_minor?: string;
            id: string;
            /** @description Inside the lines already (por dentro). */
            included: boolean;
            /** @description A municipal charge and no tax. */
            municipal?: boolean;
            /** @description A JSON pointer into the tariff document. */
            rule?: string;
        };
        /** @enum {string} */
        Bucket: "quarter_hour" | "hour" | "day" | "month";
        Check: {
            check: components["schemas"]["CheckName"];
            from: components["schemas"]["Instant"];
            /** @description What it means when it is found. */
            meaning: string;
            /** @enum {string} */
            outcome: "passed" | "found" | "skipped";
            /** @description Why it could not run. */
            reason: string | null;
            /** @description Where the rule and its threshold come from. */
            source: string;
            /** @description In `unit`. */
            threshold: number;
            to: components["schemas"]["Instant"];
            /** @enum {string} */
            unit: "W" | "quarter_hour" | "percent" | "permille" | "s";
            /** @description In `unit`; `null` where it could not run. */
            value: number | null;
        };
        CheckDay: {
            checks: components["schemas"]["Check"][];
            day: components["schemas"]["LocalDate"];
            meter_id?: components["schemas"]["Name"];
        };
        /** @enum {string} */
        CheckName: "frozen" | "zero_run" | "spike" | "high_day" | "low_day" | "sum_mismatch" | "interval_count" | "voltage_precarious" | "voltage_critical" | "clock_drift";
        CheckPage: {
            items: components["schemas"]["CheckDay"][];
            next_cursor: components["schemas"]["NextCursor"];
        };
        Command: {
            answered: components["schemas"]["Instant"] | null;
            at: components["schemas"]["Instant"];
            /** @description Who asked; `ingestor`: the system itself. */
            by: string;
            /** @enum {string} */
            command: "resend" | "set_interval";
            command_id: components["schemas"]["Name"];
            /** @description What the meter said of it. */
            detail: string | null;
            expires: components["schemas"]["Instant"];
            meter_id: components["schemas"]["Name"];
            /** @description Its own members. */
            params: {
                boot?: string;
                from_seq?: number;
                interval_s?: number;
                to_seq?: number;
            };
            sent: components["schemas"]["Instant"] | null;
            /** @enum {string} */
            state: "queued" | "sent" | "done" | "refused" | "expired";
        };
        CommandPage: {
            items: components["schemas"]["Command"][];
            next_cursor: components["schemas"]["NextCursor"];
        };
        Completeness: {
            /** @description `null` when none are expected. */
            present_permille: number | null;
            /** @description Quarter-hours that should be there by now, over all meters, by the rule of `/quality`. */
            slots_expected: number;
            /** @description Quarter-hours of them that are measured, partly measured or edited. */
            slots_present: number;
        };
        Credentials: {
            /** Format: password */
            password: string;
            username: string;
        };
        Customer: {
            created: components["schemas"]["Instant"];
            customer_id: components["schemas"]["Name"];
            email: string | null;
            /** @description `null`: the utility's. */
            language: components["schemas"]["Language"] | null;
            name: string;
        };
        CustomerChange: {
            email?: string | null;
            /** @enum {string|null} */
            language?: "pt-BR" | "en" | null;
            name?: string;
        };
        CustomerPage: {
            items: components["schemas"]["Customer"][];
            next_cursor: components["schemas"]["NextCursor"];
        };
        Device: {
            installed_from: components["schemas"]["Instant"];
            /** @description `null`: it hangs there now. */
            installed_until: components["schemas"]["Instant"] | null;
            model: string | null;
            /** @description The register turns over after this value; `null`: unknown. */
            register_max_wh: number | null;
            serial: string;
        };
        /**
         * @description The device that hangs there. The present one's serial says its model or register maximum anew (what its registers said before is judged by it again);
         *     another serial is an exchange, which ends the one before, at `installed_from` or now.
         */
        DeviceSaid: {
            installed_from?: components["schemas"]["Instant"];
            model?: string | null;
            /** @description The register turns over after this value; `null`: unknown. */
            register_max_wh?: number | null;
            serial: components["schemas"]["Name"];
        };
        Estimate: {
            action: components["schemas"]["EstimateAction"];
            /** @description The same with it. */
            after_wh: number;
            at: components["schemas"]["Instant"];
            /**
             * @description The energy of what it bears on when it was said, without it: of a span, its quarter-hours; of a read, what lies between the nearest reads
             *     that it does not change.
             */
            before_wh: number;
            /** @description Who decided it. */
            by: string;
            /** @example 1.8.0 */
            channel: string;
            energy_wh: number | null;
            estimate_id: components["schemas"]["Name"];
            from: components["schemas"]["Instant"] | null;
            meter_id: components["schemas"]["Name"];
            /** @description Whether a second person had to approve it. */
            needs_second: boolean;
            /** @description What the reviewer said. */
            note: string | null;
            reason: string;
            reviewed_at: components["schemas"]["Instant"] | null;
            /** @description Who approved, rejected or withdrew it last. */
            reviewed_by: string | null;
            state: components["schemas"]["EstimateState"];
            to: components["schemas"]["Instant"] | null;
            ts: components["schemas"]["Instant"] | null;
            value_wh: number | null;
        };
        /** @enum {string} */
        EstimateAction: "accept" | "refuse" | "edit" | "estimate";
        EstimatePage: {
            items: components["schemas"]["Estimate"][];
            next_cursor: components["schemas"]["NextCursor"];
        };
        EstimatePreview: {
            /** @description The same with it. */
            after_wh: number;
            /** @description As of a decision: the energy of what it bears on, without it. */
            before_wh: number;
            /** @description Whether a second person would have to approve it. */
            needs_second: boolean;
        };
        EstimateQuestion: {
            action: components["schemas"]["EstimateAction"];
            /**
             * @description OBIS C.D.E; `1.8.0` where it is left out.
             * @example 1.8.0
             */
            channel?: string;
            /** @description With `edit`, and with `estimate` where a total is known. */
            energy_wh?: number | null;
            /** @description With `edit` and `estimate`. */
            from?: components["schemas"]["InstantOrDate"] | null;
            meter_id: components["schemas"]["Name"];
            reason?: string;
            /** @description With `edit` and `estimate`; does not count. */
            to?: components["schemas"]["InstantOrDate"] | null;
            /** @description With `accept` and `refuse`. */
            ts?: components["schemas"]["Instant"] | null;
            /** @description With `accept` and `refuse`: what the register showed. */
            value_wh?: number | null;
        };
        EstimateReview: {
            note?: string | null;
        };
        /** @enum {string} */
        EstimateState: "proposed" | "approved" | "rejected" | "withdrawn";
        Event: {
            /** @description The message as the meter sent it, with whatever members it has; `null` where it is larger than 8 KiB. */
            document: {
                [key: string]: unknown;
            } | null;
            /** @enum {string} */
            event: "exchange" | "tamper" | "power_fail" | "power_restored" | "clock_set" | "command";
            received: components["schemas"]["Instant"];
            ts: components["schemas"]["Instant"];
        };
        EventPage: {
            items: components["schemas"]["Event"][];
            meter_id: components["schemas"]["Name"];
            next_cursor: components["schemas"]["NextCursor"];
            tz: string;
        };
        /** @description A line of a bill (BillLine) with what it is made of. */
        ExplainedLine: {
            /** @description The legal act of that version. */
            act?: string;
            /** @description In currency, at the line's own digits. */
            amount: string;
            amount_minor: number;
            energy?: components["schemas"]["LineEnergy"];
            /** @description The amount in minor units before rounding, as `num/den`. */
            exact_minor: string;
            /** @description The formula. */
            how: string;
            id: string;
            intervals?: components["schemas"]["LineIntervals"];
            /** @description Its number, for `?line=`. */
            line: number;
            /** @description Of a demand, the interval that made it. A ratchet may bill more. */
            peak?: {
                /** @description Decimal. */
                kw: string;
                t: components["schemas"]["Instant"];
            };
            /** @description Of an adder (flags), the rows of its table that hold, by days. */
            prices?: components["schemas"]["LinePrice"][];
            quality: components["schemas"]["Quality"];
            /** @description Decimal. */
            quantity: string;
            /** @description A JSON pointer into the tariff document. */
            rule: string;
            /** @description Half-open local dates: `2026-04-10/2026-05-01`. */
            segment: string;
            /** @description Tax id to minor units that are inside the amount. */
            tax_included: {
                [key: string]: number;
            };
            /**
             * @example kWh
             * @example day
             * @example month
             * @example bill
             */
            unit: string;
            /** @description Decimal. */
            unit_price: string;
            /** @description With the taxes that stand inside. */
            unit_price_gross?: string;
        };
        FleetSummary: {
            alerts: {
                by_kind: {
                    acknowledged: number;
                    active: number;
                    kind: components["schemas"]["AlertKind"];
                    severity: components["schemas"]["Severity"];
                }[];
                by_severity: {
                    critical: number;
                    info: number;
                    warning: number;
                };
                /** @description Active or acknowledged. */
                open: number;
            };
            as_of: components["schemas"]["Instant"];
            /** @description By each meter's own local day. */
            completeness: {
                today: components["schemas"]["Completeness"];
                yesterday: components["schemas"]["Completeness"];
            };
            /** @description Of all meters, each by its own local day. */
            energy: {
                today_import_wh: components["schemas"]["Wh"];
                yesterday_import_wh: components["schemas"]["Wh"];
            };
            ingest: {
                accepted: number;
                /** @description The ingestor's last sign of life. */
                heartbeat: components["schemas"]["Instant"] | null;
                /** @description From receipt to what is derived, as the ingestor last told; `null` when it never did. */
                lag_ms: number | null;
                /** @description Meters whose derived data wait to be worked on. */
                marks: number | null;
                /** @description Readings received per second, over the last half minute. */
                rate_per_s: number;
                /** @description Readings since the ledger began. */
                received: number;
                refused: number;
                repeated: number;
            };
            meters: {
                by_state: {
                    active: number;
                    inactive: number;
                    unassigned: number;
                };
                /** @description No reading ever. */
                never_read: number;
                /** @description Last said offline. */
                offline: number;
                /** @description Last said online. */
                online: number;
                /** @description Sent readings once, but none for six reading intervals (at least an hour). */
                silent: number;
                total: number;
            };
        };
        Forecast: {
            /** @description P90. */
            high_minor: number;
            /** @description P10. */
            low_minor: number;
            total_minor: number;
        };
        Health: {
            /** @constant */
            status: "ok";
            version: string;
        };
        /**
         * Format: date-time
         * @example 2026-11-22T21:00:00Z
         */
        Instant: string;
        /**
         * @example 2026-11-22
         * @example 2026-11-22T00:00:00-03:00
         */
        InstantOrDate: string;
        /** @enum {string} */
        Language: "pt-BR" | "en";
        LastReading: {
            /** @description The import register; `null` when the reading carries none. */
            energy_wh: number | null;
            power_w: number | null;
            received: components["schemas"]["Instant"];
            ts: components["schemas"]["Instant"];
        };
        /** @description How what was metered became the line's quantity. The five parts add up to `quantity_wh`. */
        LineEnergy: {
            /** @description By netting and credits in kWh. */
            compensated_wh: number;
            /** @enum {string} */
            direction: "import" | "export";
            /** @description The sum of `intervals.metered_wh`. A tariff that nets or rounds each interval does so before. */
            metered_wh: number;
            /** @description Billed though it was not used. */
            minimum_wh: number;
            /** @description What falls to other lines or to none: other tiers, another part of the cycle, a free amount. */
            other_wh: number;
            /** @description The line's quantity, and the sum of `intervals.wh`. Of packages, the energy in them. */
            quantity_wh: number;
            /** @description As the tariff rounds quantities. */
            rounding_wh: number;
        };
        /** @description Columns of one length. */
        LineIntervals: {
            /**
             * @description `day`: local days; `interval`: each of its own length.
             * @enum {string}
             */
            bucket: "day" | "interval";
            length_s?: number[];
            metered_wh: (number | null)[];
            quality: components["schemas"]["Quality"][];
            t: components["schemas"]["Instant"][];
            /** @description Per kWh, of a price series. */
            unit_price?: string[];
            /** @description The interval's share of the line's quantity. In proportion to what was metered; in the order of time where tiers fill so. */
            wh: (number | null)[];
        };
        LinePrice: {
            days: number;
            from: components["schemas"]["LocalDate"];
            /** @description `yellow`; null where the table gives a price. */
            level: string | null;
            /** @description Decimal. */
            unit_price: string;
            /** @description The day after the last. */
            until: components["schemas"]["LocalDate"];
        };
        /**
         * Format: date
         * @example 2026-11-22
         */
        LocalDate: string;
        MadeToken: {
            created: components["schemas"]["Instant"];
            expires: components["schemas"]["Instant"] | null;
            last_used: components["schemas"]["Instant"] | null;
            name: string;
            revoked: components["schemas"]["Instant"] | null;
            scopes: components["schemas"]["TokenScopes"];
            /** @description The secret: `Authorization: Bearer …`. */
            token: string;
            token_id: components["schemas"]["Name"];
        };
        Me: {
            /** @description `null` for a bearer token, which needs none. */
            csrf_token: string | null;
            /** @description The customer whose login this is; `null` for operators. */
            customer: null | {
                customer_id: components["schemas"]["Name"];
                name: string;
            };
            /** @description When the session or the token ends; `null` for a token without an end. */
            expires: components["schemas"]["Instant"] | null;
            language: components["schemas"]["Language"];
            /** @description The first 50 meters that one may see, by meter_id. */
            meters: {
                /** @description The account that is billed for it today. */
                account_id: string | null;
                label: string | null;
                meter_id: components["schemas"]["Name"];
                tz: string;
            }[];
            /** @description There are more than are listed. */
            meters_more: boolean;
            role: components["schemas"]["Role"];
            username: string;
        };
        Meter: {
            /** @description The account that is billed for it today. */
            account_id: string | null;
            address: string | null;
            auto_registered: boolean;
            /** @description OBIS codes that it has told, and totals summed from them; only where one meter is asked for. */
            channels?: string[];
            /**
             * @description The apparatus on the wall and those before it, by installation: those that were entered, and those that the meter announced itself by an
             *     event `exchange`. Only where one meter is asked for.
             */
            device?: components["schemas"]["Device"][];
            district: string | null;
            /** @description Exchanges that the meter announced itself, newest first; only where one meter is asked for. */
            exchanges?: components["schemas"]["AnnouncedExchange"][];
            /** @description Whether the point may feed energy in. */
            export_allowed: boolean;
            feeder: string | null;
            label: string | null;
            last_reading: components["schemas"]["LastReading"] | null;
            latitude: number | null;
            longitude: number | null;
            meter_id: components["schemas"]["Name"];
            /** @description From `meters/<id>/status`; `null` when it never said. */
            online: boolean | null;
            online_changed: components["schemas"]["Instant"] | null;
            /** @description Declared; `null` when it is found from the readings. */
            reading_interval_s: number | null;
            /** @description Of the device that hangs there now. */
            serial: string | null;
            service: components["schemas"]["Service"];
            state: components["schemas"]["MeterState"];
            /** @example America/Sao_Paulo */
            tz: string;
        };
        MeterChange: {
            address?: string | null;
            device?: components["schemas"]["DeviceSaid"];
            district?: string | null;
            export_allowed?: boolean;
            feeder?: string | null;
            label?: string | null;
            latitude?: number | null;
            longitude?: number | null;
            reading_interval_s?: number | null;
            service?: components["schemas"]["Service"];
        };
        MeterChecks: {
            days: components["schemas"]["CheckDay"][];
            meter_id: components["schemas"]["Name"];
            tz: string;
        };
        MeterPage: {
            items: components["schemas"]["Meter"][];
            next_cursor: components["schemas"]["NextCursor"];
        };
        /**
         * @description `unassigned`: registered, but no account is billed for it.
         * @enum {string}
         */
        MeterState: "unassigned" | "active" | "inactive";
        Name: string;
        NewAccount: {
            /** @description Left out: `<meter_id>-<n>`. */
            account_id?: components["schemas"]["Name"];
            class?: string | null;
            customer_id: components["schemas"]["Name"];
            cycle_group?: string | null;
            from: components["schemas"]["LocalDate"];
            goal_minor?: number | null;
            meter_id: components["schemas"]["Name"];
            municipality?: string | null;
            phases?: number | null;
            tariff_id?: string | null;
            until?: components["schemas"]["LocalDate"] | null;
        };
        NewBillRun: {
            /** @description Only bills of accounts that were in this group on the cycle's last day. */
            cycle_group?: components["schemas"]["Name"];
            meter_id?: components["schemas"]["Name"];
            until?: components["schemas"]["LocalDate"];
        };
        NewCommand: {
            /** @description Of `resend`. */
            boot?: string;
            /** @enum {string} */
            command: "resend" | "set_interval";
            /** @default 300 */
            expires_in_s?: number;
            /** @description Of `resend`. */
            from_seq?: number;
            /** @description Of `set_interval`. */
            interval_s?: number;
            /** @description Of `resend`; not below `from_seq`. */
            to_seq?: number;
        };
        NewCustomer: {
            customer_id: components["schemas"]["Name"];
            email?: string | null;
            /** @enum {string|null} */
            language?: "pt-BR" | "en" | null;
            name: string;
        };
        NewEstimate: {
            action: components["schemas"]["EstimateAction"];
            /**
             * @description OBIS C.D.E; `1.8.0` where it is left out.
             * @example 1.8.0
             */
            channel?: string;
            /** @description With `edit`, and with `estimate` where a total is known. */
            energy_wh?: number | null;
            /** @description With `edit` and `estimate`. */
            from?: components["schemas"]["InstantOrDate"] | null;
            meter_id: components["schemas"]["Name"];
            reason: string;
            /** @description With `edit` and `estimate`; does not count. */
            to?: components["schemas"]["InstantOrDate"] | null;
            /** @description With `accept` and `refuse`. */
            ts?: components["schemas"]["Instant"] | null;
            /** @description With `accept` and `refuse`: what the register showed. */
            value_wh?: number | null;
        };
        NewMeter: {
            address?: string;
            device?: components["schemas"]["DeviceSaid"];
            district?: components["schemas"]["Name"];
            export_allowed?: boolean;
            feeder?: components["schemas"]["Name"];
            /** @description At most 160 bytes of UTF-8. */
            label?: string;
            latitude?: number;
            longitude?: number;
            meter_id: components["schemas"]["Name"];
            reading_interval_s?: number;
            service?: components["schemas"]["Service"];
            tz: string;
        };
        NewToken: {
            /** @description Left out: never, or with the token that makes it. */
            expires?: components["schemas"]["Instant"];
            name: string;
            /** @description Left out: all that one may. */
            scopes?: components["schemas"]["TokenScope"][];
        };
        /** @description For the next page; `null` on the last. */
        NextCursor: string | null;
        Outage: {
            /**
             * @description `reading`: the begin was not told; the last reading before bounds it.
             * @enum {string}
             */
            began_by: "power_fail" | "flag" | "reading";
            /** @description Three minutes or more. */
            counted: boolean;
            /** @description Up to now while it lasts. */
            duration_s: number;
            /**
             * @description `reading`: the end was not told; the next reading bounds it.
             * @enum {string|null}
             */
            ended_by: "power_restored" | "reading" | null;
            from: components["schemas"]["Instant"];
            /** @description `null` while it lasts. */
            to: components["schemas"]["Instant"] | null;
        };
        OutageMonth: {
            /** @description The whole month is over and may be seen. */
            complete: boolean;
            /** @description Hours without power and their hundredths. */
            dic_h: string;
            /** @description The longest one. */
            dmic_h: string;
            /** @description How many interruptions began. */
            fic: number;
            month: string;
        };
        OutageQuarter: {
            complete: boolean;
            dic_h: string;
            fic: number;
            quarter: string;
        };
        Outages: {
            from: components["schemas"]["Instant"];
            items: components["schemas"]["Outage"][];
            meter_id: components["schemas"]["Name"];
            months: components["schemas"]["OutageMonth"][];
            quarters: components["schemas"]["OutageQuarter"][];
            to: components["schemas"]["Instant"];
            tz: string;
            years: components["schemas"]["OutageYear"][];
        };
        OutageYear: {
            complete: boolean;
            dic_h: string;
            fic: number;
            year: string;
        };
        Payment: {
            boleto_code: string | null;
            /** @description The text that a bank app takes ("copia e cola"). */
            pix_code: string | null;
            reference: string | null;
            state: components["schemas"]["PaymentState"];
            updated: components["schemas"]["Instant"] | null;
        };
        PaymentChange: {
            boleto_code?: string;
            pix_code?: string;
            reference?: string;
            state?: components["schemas"]["PaymentState"];
        };
        /** @enum {string} */
        PaymentState: "open" | "paid" | "cancelled";
        /** @description One number, or one per phase. */
        PhaseNumber: number | number[];
        /** @description RFC 9457. */
        Problem: {
            detail: string;
            errors?: {
                detail: string;
                /** @description A JSON pointer into the body, or `?name` for a query parameter. */
                pointer: string;
            }[];
            /** @description The same as the `X-Request-Id` header; the log has it too. */
            request_id?: string;
            status: number;
            title: string;
            /** @description Names the kind of problem, e.g. `urn:quilowatt:problem:not_found`. */
            type: string;
        };
        /** @enum {string} */
        Quality: "missing" | "measured" | "estimated" | "partial" | "edited";
        QualityDay: {
            day: components["schemas"]["LocalDate"];
            district: string | null;
            /** @description Wh; `null` where nothing is there. */
            import_wh: number | null;
            meter_id: components["schemas"]["Name"];
            /** @description Measured, partly measured or edited, of what is expected; `null` where nothing is. */
            present_permille: number | null;
            /** @description Readings that were to come by now, by the meter's declared interval, else by the median of its last 100 steps, else one an hour. */
            readings_expected: number;
            /** @description Distinct instants that readings of the day tell of; may be more than expected. */
            readings_received: number;
            slots_edited: number;
            slots_estimated: number;
            /** @description Quarter-hours; the sum of the five that follow. */
            slots_expected: number;
            slots_measured: number;
            slots_missing: number;
            slots_partial: number;
            tz: string;
        };
        QualityPage: {
            items: components["schemas"]["QualityDay"][];
            next_cursor: components["schemas"]["NextCursor"];
            /** @description Over all days and meters that are asked for; `null` on the pages after the first, and for more than 10,000 meters. */
            totals: components["schemas"]["QualityTotals"] | null;
        };
        QualityTotals: {
            /** @description Wh; `null` where nothing is there. */
            import_wh: number | null;
            meters: number;
            /** @description Measured, partly measured or edited, of what is expected; `null` where nothing is. */
            present_permille: number | null;
            /** @description The same of readings; `null` where more than 2,000 days, or a million readings, would have to be counted for it: of closed days they are kept. */
            readings_expected: number | null;
            readings_received: number | null;
            slots_edited: number;
            slots_estimated: number;
            /** @description Quarter-hours; the sum of the five that follow. */
            slots_expected: number;
            slots_measured: number;
            slots_missing: number;
            slots_partial: number;
        };
        /** @description The fields of the MQTT contract; what the meter did not say is left out. */
        Reading: {
            boot?: string;
            current_a?: components["schemas"]["PhaseNumber"];
            energy_wh?: components["schemas"]["Wh"];
            export_wh?: components["schemas"]["Wh"];
            flags?: ("power_fail" | "clock_invalid" | "tamper" | "test" | "estimated" | "substituted" | "server_time")[];
            frequency_hz?: number;
            interval_s?: number;
            interval_wh?: components["schemas"]["Wh"];
            /** @description The same of further channels, OBIS C.D.E to Wh. */
            intervals?: {
                [key: string]: components["schemas"]["Wh"];
            };
            power_factor?: components["schemas"]["PhaseNumber"];
            power_w?: number;
            quality: components["schemas"]["Quality"];
            received: components["schemas"]["Instant"];
            /** @description Further cumulative channels, OBIS C.D.E to Wh. */
            registers?: {
                [key: string]: components["schemas"]["Wh"];
            };
            seq?: number;
            ts: components["schemas"]["Instant"];
            /** @description `accepted`, or why it was set aside over its neighbours. */
            verdict: string;
            voltage_v?: components["schemas"]["PhaseNumber"];
        };
        ReadingPage: {
            items: components["schemas"]["Reading"][];
            meter_id: components["schemas"]["Name"];
            next_cursor: components["schemas"]["NextCursor"];
            tz: string;
        };
        Ready: {
            checks: {
                detail: string;
                /** @enum {string} */
                name: "records" | "ledger" | "ingestor";
                ok: boolean;
            }[];
            /** @enum {string} */
            status: "ready" | "not_ready";
        };
        /** @enum {string} */
        Role: "customer" | "operator" | "admin";
        /** @description Columns of equal length. */
        Series: {
            bucket: components["schemas"]["Bucket"];
            /** @description By OBIS code, what `channel` asked for: Wh (of reactive energy varh) and its quality. Import and export are never netted. */
            channels?: {
                [key: string]: {
                    quality: components["schemas"]["Quality"][];
                    wh: (number | null)[];
                };
            };
            /** @description All that arrived is in it, and nothing up to now is missing. `false` while work is pending. */
            complete: boolean;
            export_wh: (number | null)[];
            from: components["schemas"]["Instant"];
            import_wh: (number | null)[];
            meter_id: components["schemas"]["Name"];
            quality: components["schemas"]["Quality"][];
            /** @description The start of each bucket. */
            t: components["schemas"]["Instant"][];
            to: components["schemas"]["Instant"];
            tz: string;
        };
        Service: {
            /** @description Of the main breaker. */
            amps: number;
            phases: number;
            /** @description Phase to neutral. */
            volts: number;
        };
        /** @enum {string} */
        Severity: "info" | "warning" | "critical";
        SimulatedCycle: {
            /** @description The bill it would have been. */
            bill?: components["schemas"]["Bill"];
            cycle_from: components["schemas"]["LocalDate"];
            cycle_until: components["schemas"]["LocalDate"];
            days: number;
            difference_minor: number | null;
            import_wh: components["schemas"]["Wh"];
            known_permille: number;
            /** @description Why it is not in the totals. */
            left_out: string | null;
            /** @description What else is to be known, of a cycle that counts: a month's price taken from an earlier one. */
            note?: string | null;
            /** @description By its own tariff; null where there is no bill. */
            own: {
                currency: string;
                tariff_id: string;
                total_minor: number;
            } | null;
            total_minor: number | null;
        };
        Simulation: {
            completeness: {
                /** @description Every day asked for is covered, every quarter-hour and every price known, and nothing waits to be worked on. */
                complete: boolean;
                days_asked: number;
                /** @description Days of the cycles in the totals. */
                days_covered: number;
                /** @description Of their quarter-hours. */
                known_permille: number;
            };
            /** @description Of the simulated tariff. */
            currency: string;
            cycles: components["schemas"]["SimulatedCycle"][];
            from: components["schemas"]["LocalDate"];
            meter_id: components["schemas"]["Name"];
            minor: number;
            tariff: {
                id: string;
                version_hash: string;
            };
            to: components["schemas"]["LocalDate"];
            /** @description Over the cycles that were not left out. */
            totals: {
                cycles: number;
                days: number;
                /** @description `total_minor` less `own_total_minor`: below zero it would have been cheaper. */
                difference_minor: number | null;
                import_wh: components["schemas"]["Wh"];
                /** @description null where a cycle has no bill of its own tariff, or they differ in currency. */
                own_total_minor: number | null;
                /** @description null where it does not fit. */
                total_minor: number | null;
            };
            tz: string;
        };
        SimulationQuestion: {
            /** @description Cycles that begin on this day or later; at most 40. */
            from: components["schemas"]["LocalDate"];
            meter_id: components["schemas"]["Name"];
            /** @description And end on this day or before (half-open); today where it is left out. */
            to?: components["schemas"]["LocalDate"];
        };
        Tariff: {
            default: boolean;
            document: components["schemas"]["TariffDocument"];
            /** @description All documents of this tariff, newest first, at most 100. */
            documents: {
                loaded: components["schemas"]["Instant"];
                version_hash: string;
            }[];
            loaded: components["schemas"]["Instant"];
            tariff_id: components["schemas"]["Name"];
            /** @description Of this document. */
            version_hash: string;
        };
        /** @description A `tariff/1` document; docs/tariffs.md and docs/schemas/tariff.json have its fields. */
        TariffDocument: {
            currency: string;
            id: components["schemas"]["Name"];
            /** @constant */
            schema: "tariff/1";
            versions: {
                [key: string]: unknown;
            }[];
        } & {
            [key: string]: unknown;
        };
        TariffPage: {
            items: components["schemas"]["TariffSummary"][];
            next_cursor: components["schemas"]["NextCursor"];
        };
        TariffSummary: {
            /** @description Accounts without a tariff of their own have it. */
            default: boolean;
            loaded: components["schemas"]["Instant"];
            tariff_id: components["schemas"]["Name"];
            /** @description Of the bytes of the present document. */
            version_hash: string;
        };
        Token: {
            created: components["schemas"]["Instant"];
            expires: components["schemas"]["Instant"] | null;
            last_used: components["schemas"]["Instant"] | null;
            /** @description What it is for. */
            name: string;
            revoked: components["schemas"]["Instant"] | null;
            scopes: components["schemas"]["TokenScopes"];
            token_id: components["schemas"]["Name"];
        };
        TokenPage: {
            items: components["schemas"]["Token"][];
            next_cursor: components["schemas"]["NextCursor"];
        };
        /** @enum {string} */
        TokenScope: "readings:read" | "meters:read" | "meters:write" | "bills:read" | "bills:write" | "tariffs:read" | "tariffs:write" | "alerts:read" | "alerts:write" | "customers:read" | "customers:write" | "quality:read" | "estimates:write" | "fleet:read" | "tokens:write" | "admin";
        /** @description null: all that the login may. */
        TokenScopes: components["schemas"]["TokenScope"][] | null;
        Verdict: components["schemas"]["VerdictAtDoor"] | components["schemas"]["VerdictOverNeighbours"] | components["schemas"]["VerdictOverTime"];
        VerdictAtDoor: {
            at: components["schemas"]["Instant"];
            /** @description What is wrong, in English, with the field's name. */
            detail: string | null;
            /** @description What the verdict means, in English. */
            meaning: string;
            /** @description As the topic names it; there need not be such a meter. */
            meter_id: string | null;
            /** @description The first 1,024 bytes of what was received; a byte that is no text reads U+FFFD. Show it as text, never as markup. */
            payload: string | null;
            /** @constant */
            place: "door";
            seq: number | null;
            /** @description As the reading said, where it could be read. */
            ts: components["schemas"]["Instant"] | null;
            /** @description The meter's zone; `null` where `meter_id` is nobody's. */
            tz: string | null;
            verdict: components["schemas"]["VerdictName"];
        };
        /**
         * @description What became of a reading, by name.
         * @enum {string}
         */
        VerdictName: "bad_topic" | "too_large" | "bad_json" | "bad_type" | "out_of_range" | "no_energy" | "mixed_kinds" | "bad_time" | "missing_ts" | "future" | "clock_invalid" | "unknown_meter" | "unsupported_version" | "bad_batch" | "duplicate_field" | "bad_name" | "bad_event" | "conflict" | "transient" | "rollover" | "reset" | "implausible" | "catch_up" | "sentinel" | "test" | "chosen" | "set_aside";
        VerdictOverNeighbours: {
            at: components["schemas"]["Instant"];
            /**
             * @description OBIS C.D.E
             * @example 1.8.0
             */
            channel: string;
            /** @description Whether its energy counts all the same (`rollover`, `reset`, `catch_up`, `chosen`), or it was set aside. */
            counts: boolean;
            /** @description Of an interval; it ends at `ts`. */
            interval_s: number | null;
            /** @enum {string} */
            kind: "register" | "interval";
            meaning: string;
            meter_id: string | null;
            /** @constant */
            place: "neighbours";
            ts: components["schemas"]["Instant"];
            /** @description The meter's zone; `null` where `meter_id` is nobody's. */
            tz: string | null;
            value_wh: components["schemas"]["Wh"];
            verdict: components["schemas"]["VerdictName"];
        };
        VerdictOverTime: {
            at: components["schemas"]["Instant"];
            day: components["schemas"]["LocalDate"];
            from: components["schemas"]["Instant"];
            meaning: string;
            meter_id: string | null;
            /** @constant */
            place: "over_time";
            /** @description Where the rule and its threshold come from. */
            source: string;
            /** @description In `unit`. */
            threshold: number;
            to: components["schemas"]["Instant"];
            /** @description The meter's zone; `null` where `meter_id` is nobody's. */
            tz: string | null;
            /** @enum {string} */
            unit: "W" | "quarter_hour" | "percent" | "permille" | "s";
            /** @description In `unit`. */
            value: number;
            verdict: components["schemas"]["CheckName"];
        };
        VerdictPage: {
            items: components["schemas"]["Verdict"][];
            next_cursor: components["schemas"]["NextCursor"];
        };
        /**
         * @description `door`: refused before it was stored, by what the message and its receipt time tell; `neighbours`: stored, and judged by what lies around it; `over_time`: a closed day on which a check found something.
         * @enum {string}
         */
        VerdictPlace: "door" | "neighbours" | "over_time";
        /** @description Watt-hours. */
        Wh: number;
    };
    responses: {
        /** @description It exists already, or its state forbids this. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The document is larger than 1 MiB. */
        DocumentTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The stream. */
        EventStream: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "text/event-stream": string;
            };
        };
        /** @description The role or the token's scopes do not allow it, or the CSRF token is missing. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The input is wrong; `errors` says where. */
        Invalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It does not exist, or is not yours to see. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description What `If-None-Match` names is still so. */
        NotModified: {
            headers: {
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description It changed since `If-Match`. */
        PreconditionFailed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Any other refusal: 405 (with `Allow`), 408 (the body did not come in time), 429, 500 (the log has it under `request_id`),
         *     503 (the store is busy; with `Retry-After`).
         */
        Refused: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is larger than 64 KiB. */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many failures; try again after `Retry-After` seconds. */
        TooManyRequests: {
            headers: {
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No session and no valid token. */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No room for another live stream, or the store is away; try again after `Retry-After` seconds. */
        Unavailable: {
            headers: {
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body must be `application/json`. */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
        CsrfToken: string;
        /** @description `next_cursor` of the page before; opaque. */
        Cursor: string;
        EstimateId: components["schemas"]["Name"];
        /** @description An instant (RFC 3339 with offset) or a local date of the meter's zone; counts. */
        From: components["schemas"]["InstantOrDate"];
        /** @description 1 to 64 of `A-Z a-z 0-9 . _ -`. The same key with the same body answers as the first time did. */
        IdempotencyKey: string;
        IfMatch: string;
        IfNoneMatch: string;
        /** @description The id of the last event one has; without it the stream begins now. */
        LastEventId: string;
        Limit: number;
        MeterId: components["schemas"]["Name"];
        RunId: components["schemas"]["Name"];
        TariffId: components["schemas"]["Name"];
        /** @description An instant or a local date; does not count. */
        To: components["schemas"]["InstantOrDate"];
    };
    requestBodies: never;
    headers: {
        ETag: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listAccounts: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; opaque. */
                cursor?: components["parameters"]["Cursor"];
                customer_id?: components["schemas"]["Name"];
                limit?: components["parameters"]["Limit"];
                meter_id?: components["schemas"]["Name"];
                /** @description Only those that hold on this local date. */
                on?: components["schemas"]["LocalDate"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of accounts. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountPage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    createAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 64 of `A-Z a-z 0-9 . _ -`. The same key with the same body answers as the first time did. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAccount"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    getAccount: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                account_id: components["schemas"]["Name"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    updateAccount: {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path: {
                account_id: components["schemas"]["Name"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountChange"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    listAlerts: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; opaque. */
                cursor?: components["parameters"]["Cursor"];
                kind?: components["schemas"]["AlertKind"];
                limit?: components["parameters"]["Limit"];
                meter_id?: components["schemas"]["Name"];
                /** @description One state, or `open` for what is active or acknowledged. */
                state?: "active" | "acknowledged" | "resolved" | "open";
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of alerts. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertPage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    acknowledgeAlert: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 64 of `A-Z a-z 0-9 . _ -`. The same key with the same body answers as the first time did. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path: {
                alert_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["AcknowledgeRequest"];
            };
        };
        responses: {
            /** @description The alert, acknowledged. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alert"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    listBillRuns: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; opaque. */
                cursor?: components["parameters"]["Cursor"];
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of runs. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BillRunPage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Refused"];
        };
    };
    createBillRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 64 of `A-Z a-z 0-9 . _ -`. The same key with the same body answers as the first time did. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NewBillRun"];
            };
        };
        responses: {
            /** @description The run with its preview. */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BillRun"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    getBillRun: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                run_id: components["parameters"]["RunId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BillRun"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    issueBills: {
        parameters: {
            query?: never;
            header?: {
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path: {
                run_id: components["parameters"]["RunId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run as it stands now. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BillRun"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Refused"];
        };
    };
    listBillRunItems: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; opaque. */
                cursor?: components["parameters"]["Cursor"];
                limit?: components["parameters"]["Limit"];
                state?: "all" | "ready" | "held" | "issued" | "stale";
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                run_id: components["parameters"]["RunId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of bills. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BillRunItemPage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    releaseBill: {
        parameters: {
            query?: never;
            header?: {
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path: {
                run_id: components["parameters"]["RunId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BillRelease"];
            };
        };
        responses: {
            /** @description The run as it stands now. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BillRun"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    listBills: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; opaque. */
                cursor?: components["parameters"]["Cursor"];
                limit?: components["parameters"]["Limit"];
                meter_id?: components["schemas"]["Name"];
                state?: components["schemas"]["BillState"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of bills. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BillPage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    getBill: {
        parameters: {
            query?: {
                edition?: number;
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                bill_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bill. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Bill"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    getBillPdf: {
        parameters: {
            query?: {
                edition?: number;
                /** @description Left out, what `Accept-Language` likes best of these, else the customer's own choice, else the utility's. */
                lang?: components["schemas"]["Language"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                bill_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The paper. */
            200: {
                headers: {
                    /** @description A name for the file. */
                    "Content-Disposition"?: string;
                    "Content-Language"?: components["schemas"]["Language"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    explainBill: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; opaque. */
                cursor?: components["parameters"]["Cursor"];
                edition?: number;
                /** @description Intervals of that line. */
                limit?: number;
                /** @description The number of a line, from 0. */
                line?: number;
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                bill_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bill's lines, explained. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BillExplanation"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description It cannot be explained; the detail says why (issued before inputs were recorded, or its tariff is gone). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    setPayment: {
        parameters: {
            query?: never;
            header?: {
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path: {
                bill_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PaymentChange"];
            };
        };
        responses: {
            /** @description The issued bill with its payment. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Bill"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    listChecks: {
        parameters: {
            query?: {
                /** @description Only days on which this one found something; they come with all that was found. */
                check?: components["schemas"]["CheckName"];
                /** @description `next_cursor` of the page before; opaque. */
                cursor?: components["parameters"]["Cursor"];
                district?: components["schemas"]["Name"];
                /** @description A local date, which counts; of an instant the day it lies on, in the meter's zone with `meter_id`, else in UTC. */
                from?: components["schemas"]["InstantOrDate"];
                limit?: components["parameters"]["Limit"];
                meter_id?: components["schemas"]["Name"];
                /** @description The same; does not count (the day of an instant within it does). */
                to?: components["schemas"]["InstantOrDate"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of days. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckPage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    listCustomers: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; opaque. */
                cursor?: components["parameters"]["Cursor"];
                limit?: components["parameters"]["Limit"];
                /** @description Part of the customer_id, name or e-mail address; ASCII letters in either case. */
                search?: string;
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of customers. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerPage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Refused"];
        };
    };
    createCustomer: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 64 of `A-Z a-z 0-9 . _ -`. The same key with the same body answers as the first time did. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCustomer"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    getCustomer: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                customer_id: components["schemas"]["Name"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The customer. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    updateCustomer: {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path: {
                customer_id: components["schemas"]["Name"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CustomerChange"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    listEstimates: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; opaque. */
                cursor?: components["parameters"]["Cursor"];
                limit?: components["parameters"]["Limit"];
                meter_id?: components["schemas"]["Name"];
                state?: components["schemas"]["EstimateState"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of decisions. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EstimatePage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    createEstimate: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 64 of `A-Z a-z 0-9 . _ -`. The same key with the same body answers as the first time did. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewEstimate"];
            };
        };
        responses: {
            /** @description It was said. */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Estimate"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    getEstimate: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                estimate_id: components["parameters"]["EstimateId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The decision. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Estimate"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    approveEstimate: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 64 of `A-Z a-z 0-9 . _ -`. The same key with the same body answers as the first time did. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path: {
                estimate_id: components["parameters"]["EstimateId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["EstimateReview"];
            };
        };
        responses: {
            /** @description As it stands now. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Estimate"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    rejectEstimate: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 64 of `A-Z a-z 0-9 . _ -`. The same key with the same body answers as the first time did. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path: {
                estimate_id: components["parameters"]["EstimateId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["EstimateReview"];
            };
        };
        responses: {
            /** @description As it stands now. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Estimate"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    withdrawEstimate: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 64 of `A-Z a-z 0-9 . _ -`. The same key with the same body answers as the first time did. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path: {
                estimate_id: components["parameters"]["EstimateId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["EstimateReview"];
            };
        };
        responses: {
            /** @description As it stands now. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Estimate"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    previewEstimate: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 64 of `A-Z a-z 0-9 . _ -`. The same key with the same body answers as the first time did. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EstimateQuestion"];
            };
        };
        responses: {
            /** @description As it would be now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EstimatePreview"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    getFleetSummary: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The summary; at most a few seconds old. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FleetSummary"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Refused"];
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: {
                /** @description The id of the last event one has; without it the stream begins now. */
                "Last-Event-ID"?: components["parameters"]["LastEventId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["EventStream"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Refused"];
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session's user, or the token's. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            default: components["responses"]["Refused"];
        };
    };
    listMeters: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; opaque. */
                cursor?: components["parameters"]["Cursor"];
                district?: components["schemas"]["Name"];
                feeder?: components["schemas"]["Name"];
                limit?: components["parameters"]["Limit"];
                /** @description Part of the meter_id, label, address or serial; ASCII letters in either case. */
                search?: string;
                state?: components["schemas"]["MeterState"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of meters. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeterPage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Refused"];
        };
    };
    createMeter: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 64 of `A-Z a-z 0-9 . _ -`. The same key with the same body answers as the first time did. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMeter"];
            };
        };
        responses: {
            /** @description Registered. */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Meter"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    getMeter: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The meter. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Meter"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    updateMeter: {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MeterChange"];
            };
        };
        responses: {
            /** @description The meter as it is now. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Meter"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    getAlertRules: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rules. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertRules"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    setAlertRules: {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlertRules"];
            };
        };
        responses: {
            /** @description The rules as they are now. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertRules"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    getMeterBill: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bill. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Bill"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    listMeterChecks: {
        parameters: {
            query?: {
                /** @description An instant (RFC 3339 with offset) or a local date of the meter's zone; counts. */
                from?: components["parameters"]["From"];
                /** @description An instant or a local date; does not count. */
                to?: components["parameters"]["To"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The days, ascending. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeterChecks"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    listCommands: {
        parameters: {
            query?: {
                /** @description This one alone. */
                command_id?: components["schemas"]["Name"];
                /** @description `next_cursor` of the page before; opaque. */
                cursor?: components["parameters"]["Cursor"];
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of commands. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandPage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    createCommand: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 64 of `A-Z a-z 0-9 . _ -`. The same key with the same body answers as the first time did. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCommand"];
            };
        };
        responses: {
            /** @description It is queued. */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Command"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; opaque. */
                cursor?: components["parameters"]["Cursor"];
                /** @description An instant (RFC 3339 with offset) or a local date of the meter's zone; counts. */
                from?: components["parameters"]["From"];
                limit?: components["parameters"]["Limit"];
                /** @description An instant or a local date; does not count. */
                to?: components["parameters"]["To"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of events, by `ts`. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    exportCsv: {
        parameters: {
            query?: {
                /** @description An instant (RFC 3339 with offset) or a local date of the meter's zone; counts. */
                from?: components["parameters"]["From"];
                /** @description An instant or a local date; does not count. */
                to?: components["parameters"]["To"];
            };
            header?: never;
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows, after a header line; lines end with CR LF (RFC 4180). */
            200: {
                headers: {
                    /** @description A name for the file. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    exportGreenButton: {
        parameters: {
            query?: {
                /** @description An instant (RFC 3339 with offset) or a local date of the meter's zone; counts. */
                from?: components["parameters"]["From"];
                /** @description An instant or a local date; does not count. */
                to?: components["parameters"]["To"];
            };
            header?: never;
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The feed. */
            200: {
                headers: {
                    /** @description A name for the file. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/atom+xml": string;
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    liveMeter: {
        parameters: {
            query?: never;
            header?: {
                /** @description The id of the last event one has; without it the stream begins now. */
                "Last-Event-ID"?: components["parameters"]["LastEventId"];
            };
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["EventStream"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Refused"];
        };
    };
    getOutages: {
        parameters: {
            query?: {
                /** @description An instant (RFC 3339 with offset) or a local date of the meter's zone; counts. */
                from?: components["parameters"]["From"];
                /** @description The longest period whose indicators are told. */
                period?: "month" | "quarter" | "year";
                /** @description An instant or a local date; does not count. */
                to?: components["parameters"]["To"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The outages that touch the range. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Outages"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    listReadings: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; opaque. */
                cursor?: components["parameters"]["Cursor"];
                /** @description An instant (RFC 3339 with offset) or a local date of the meter's zone; counts. */
                from?: components["parameters"]["From"];
                limit?: components["parameters"]["Limit"];
                /** @description By `ts`; `desc` has the newest first. */
                order?: "asc" | "desc";
                /** @description An instant or a local date; does not count. */
                to?: components["parameters"]["To"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of readings. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadingPage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    getUsage: {
        parameters: {
            query?: {
                bucket?: components["schemas"]["Bucket"];
                /** @description One to 16 OBIS codes C.D.E with commas between: `channels` of the answer tells each by itself. A code that the meter never told is all `null`. */
                channel?: string;
                /** @description An instant (RFC 3339 with offset) or a local date of the meter's zone; counts. */
                from?: components["parameters"]["From"];
                /** @description An instant or a local date; does not count. */
                to?: components["parameters"]["To"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                meter_id: components["parameters"]["MeterId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The series. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Series"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    getOpenapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": string;
                };
            };
            304: components["responses"]["NotModified"];
            default: components["responses"]["Refused"];
        };
    };
    getQuality: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; opaque. */
                cursor?: components["parameters"]["Cursor"];
                district?: components["schemas"]["Name"];
                /** @description A local date in each meter's zone, or an instant, which means the local day it lies on; counts. */
                from?: components["schemas"]["InstantOrDate"];
                /** @description Only days on which something is missing or estimated. */
                incomplete?: boolean;
                limit?: components["parameters"]["Limit"];
                meter_id?: components["schemas"]["Name"];
                /** @description The same; does not count (the day of an instant within it does). */
                to?: components["schemas"]["InstantOrDate"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of days, and on the first page the totals. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QualityPage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    createSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description Logged in. */
            200: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Refused"];
        };
    };
    deleteSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Logged out; the session is gone and its live streams end. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Refused"];
        };
    };
    listTariffs: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; opaque. */
                cursor?: components["parameters"]["Cursor"];
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of tariffs, without their documents. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TariffPage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Refused"];
        };
    };
    createTariff: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 64 of `A-Z a-z 0-9 . _ -`. The same key with the same body answers as the first time did. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TariffDocument"];
            };
        };
        responses: {
            /** @description Taken in. */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tariff"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["DocumentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    getTariff: {
        parameters: {
            query?: {
                /** @description The `version_hash` of a former document, as bills name it. */
                version?: components["schemas"]["Name"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                tariff_id: components["parameters"]["TariffId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tariff. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tariff"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    replaceTariff: {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path: {
                tariff_id: components["parameters"]["TariffId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TariffDocument"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tariff"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["DocumentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    simulateTariff: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 64 of `A-Z a-z 0-9 . _ -`. The same key with the same body answers as the first time did. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path: {
                tariff_id: components["parameters"]["TariffId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SimulationQuestion"];
            };
        };
        responses: {
            /** @description The comparison. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Simulation"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /** @description Too little is known; the detail says what. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listTokens: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; opaque. */
                cursor?: components["parameters"]["Cursor"];
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of tokens, by token_id. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenPage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Refused"];
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: {
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewToken"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeToken"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description A login has at most 100 tokens that live. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: {
                /** @description The session's `csrf_token`. Needed with the cookie, not with a bearer token. */
                "X-CSRF-Token"?: components["parameters"]["CsrfToken"];
            };
            path: {
                token_id: components["schemas"]["Name"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is worth nothing any more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    listVerdicts: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; opaque. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Where the meter is now. What was refused under a name that is nobody's has no district. */
                district?: components["schemas"]["Name"];
                /** @description An instant or a local date, of the meter's zone with `meter_id`, else of UTC; counts. It is compared with `at`. */
                from?: components["schemas"]["InstantOrDate"];
                limit?: components["parameters"]["Limit"];
                meter_id?: components["schemas"]["Name"];
                place?: components["schemas"]["VerdictPlace"] | "any";
                /** @description The same; does not count. */
                to?: components["schemas"]["InstantOrDate"];
                verdict?: components["schemas"]["VerdictName"] | components["schemas"]["CheckName"];
            };
            header?: {
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the exception queue. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerdictPage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Alive. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metrics. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            403: components["responses"]["Forbidden"];
        };
    };
    getReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ready. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ready"];
                };
            };
            /** @description Not ready; the checks say why. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ready"];
                };
            };
        };
    };
}
