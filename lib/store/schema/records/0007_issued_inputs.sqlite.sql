-- What an issued bill was worked out from (wire/bill_inputs.h). Empty for bills issued before this was recorded.
ALTER TABLE issued_bill ADD COLUMN inputs TEXT NOT NULL DEFAULT '';
