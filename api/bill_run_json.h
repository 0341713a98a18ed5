/* Bill runs, their items and issued bills in REST. */
#ifndef API_BILL_RUN_JSON_H
#define API_BILL_RUN_JSON_H

#include "api/server.h"
#include "base/buf.h"
#include "store/records_issue.h"

#define RUN_ID_PREFIX "run-"

void bill_run_write(struct buf *out, const struct bill_run_record *run);
void bill_run_item_write(struct buf *out, const struct bill_run_item *item);

bool bill_run_id_parse(const char *run_id, int64_t *out_run_no);

/* An issued document with what is known of it since: its hash, its payment. */
void bill_issued_write(struct buf *out, const char *document, const struct issued_record *issued, const struct payment_record *payment);

/* {"until"?, "meter_id"?, "cycle_group"?}: run->until_day is untouched without one. */
enum err bill_run_read(const struct buf *body, struct fault *fault, struct bill_run_record *run, char meter_id[RECORD_ID_SIZE]);
/* {"bill_id","reason"} */
enum err bill_release_read(const struct buf *body, struct fault *fault, char bill_id[BILL_ID_SIZE], char reason[RECORD_REASON_SIZE]);
/* {"state","pix_code"?,"boleto_code"?,"reference"?}; what is left out stays. */
enum err bill_payment_read(const struct buf *body, struct fault *fault, struct payment_record *payment);

#endif
