// node chain.mjs RECORDS: every issued bill in order; numbers without a hole, no edition twice, each hash that of its document after the one before.
// Prints how many there are.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";

const rows = execFileSync("sqlite3", ["-json", process.argv[2], "SELECT number, bill_id, edition, document, hash FROM issued_bill ORDER BY number"], { maxBuffer: 1 << 30 });
const bills = rows.length > 0 ? JSON.parse(rows) : [];
const seen = new Set();
let previous = "";
bills.forEach((bill, i) => {
  const wrong = (words) => {
    console.log(`bill ${bill.number}: ${words}`);
    process.exit(1);
  };
  if (bill.number !== i + 1) wrong(`it is the ${i + 1}th`);
  if (seen.has(`${bill.bill_id} ${bill.edition}`)) wrong(`${bill.bill_id} is issued twice`);
  seen.add(`${bill.bill_id} ${bill.edition}`);
  const document = JSON.parse(bill.document);
  if (document.number !== bill.number || document.previous_hash !== previous) wrong("its document says another number, or another one before it");
  if (createHash("sha256").update(`${previous}\n${bill.document}`).digest("hex") !== bill.hash) wrong("its hash is another");
  previous = bill.hash;
});
console.log(bills.length);
