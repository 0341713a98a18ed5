/* What the files about logins, sessions and tokens share. Private to lib/store/sqlite. */
#ifndef STORE_SQLITE_RECORDS_LOGIN_H
#define STORE_SQLITE_RECORDS_LOGIN_H

#include "store/sqlite/records_db.h"

#define LOGIN_COLUMNS                                                                                                                                \
    "l.login_no, l.username, l.kind, l.web_hash, l.broker_hash, c.customer_id, l.meter_no, l.disabled, l.created_utc_ms,"                            \
    " l.revision"
#define LOGIN_FROM "FROM login l LEFT JOIN customer c USING (customer_no) "

void login_read(struct query *q, struct login_record *out);

#endif
