/* Positions on a flat map: longitude and latitude to pixels, with the distances true at the middle latitude (a town,
   not a continent). Pure. */

export interface Place {
  latitude: number;
  longitude: number;
}

export interface Projection {
  x: (place: Place) => number;
  y: (place: Place) => number;
  /** Metres per pixel. */
  metresPerPx: number;
}

const METRES_PER_DEGREE = 111_320;
/** Meters at one spot are still shown in a frame of this many degrees. */
const LEAST_SPAN = 0.004;

export function project(places: readonly Place[], width: number, height: number, padding: number): Projection {
  let [south, north, west, east] = [90, -90, 180, -180];
  for (const { latitude, longitude } of places) {
    south = Math.min(south, latitude);
    north = Math.max(north, latitude);
    west = Math.min(west, longitude);
    east = Math.max(east, longitude);
  }
  const middleLatitude = (south + north) / 2;
  const middleLongitude = (west + east) / 2;
  const squeeze = Math.max(0.01, Math.cos((middleLatitude * Math.PI) / 180));
  const spanX = Math.max((east - west) * squeeze, LEAST_SPAN);
  const spanY = Math.max(north - south, LEAST_SPAN);
  const scale = Math.min((width - 2 * padding) / spanX, (height - 2 * padding) / spanY);
  return {
    x: ({ longitude }) => width / 2 + (longitude - middleLongitude) * squeeze * scale,
    y: ({ latitude }) => height / 2 - (latitude - middleLatitude) * scale,
    metresPerPx: METRES_PER_DEGREE / scale,
  };
}

/** A round distance that takes at most `mostPx`: 1, 2 or 5 times a power of ten, in metres. */
export function scaleBar(metresPerPx: number, mostPx: number): { metres: number; px: number } {
  const most = metresPerPx * mostPx;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((m) => m * power).find((m) => m <= most) ?? power;
  return { metres, px: metres / metresPerPx };
}
