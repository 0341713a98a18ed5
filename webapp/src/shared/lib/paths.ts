/* Addresses inside the app. The server takes a last part with a dot for a file (a missing asset must be a 404), and
   ids may have dots: a slash behind says that it is a screen. */

export function meterPath(meterId: string): string {
  return screenPath("/fleet/", meterId);
}

/** The story of a meter; of one day of it. */
export function storyPath(meterId: string, day?: string): string {
  return `/fleet/${encodeURIComponent(meterId)}/story${day === undefined ? "" : `?from=${day}&to=${day}`}`;
}

export function billPath(billId: string): string {
  return screenPath("/bills/", billId);
}

export function runPath(runId: string): string {
  return screenPath("/runs/", runId);
}

function screenPath(folder: string, id: string): string {
  return `${folder}${encodeURIComponent(id)}${id.includes(".") ? "/" : ""}`;
}
