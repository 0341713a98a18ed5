import { describe, expect, it } from "vitest";
import { project, scaleBar } from "./map-geometry";

const town = [
  { latitude: -23.56, longitude: -46.7 },
  { latitude: -23.54, longitude: -46.66 },
  { latitude: -23.55, longitude: -46.68 },
];

describe("the map", () => {
  it("holds every place, north up and east to the right", () => {
    const map = project(town, 500, 400, 20);
    for (const place of town) {
      expect(map.x(place)).toBeGreaterThanOrEqual(20 - 1e-9);
      expect(map.x(place)).toBeLessThanOrEqual(480 + 1e-9);
      expect(map.y(place)).toBeGreaterThanOrEqual(20 - 1e-9);
      expect(map.y(place)).toBeLessThanOrEqual(380 + 1e-9);
    }
    const [southWest, northEast] = town as [(typeof town)[0], (typeof town)[0]];
    expect(map.x(northEast)).toBeGreaterThan(map.x(southWest));
    expect(map.y(northEast)).toBeLessThan(map.y(southWest));
  });

  it("has the same scale in both directions", () => {
    const map = project(town, 500, 400, 20);
    const east = map.x({ latitude: -23.55, longitude: -46.67 }) - map.x({ latitude: -23.55, longitude: -46.68 });
    const north = map.y({ latitude: -23.55, longitude: -46.68 }) - map.y({ latitude: -23.55 + 0.01 * Math.cos((23.55 * Math.PI) / 180), longitude: -46.68 });
    expect(east).toBeCloseTo(north, 3);
  });

  it("stands a single place in the middle", () => {
    const one = { latitude: 48.78, longitude: 2.29 };
    const map = project([one], 300, 200, 20);
    expect([map.x(one), map.y(one)]).toEqual([150, 100]);
  });

  it("measures with a round distance that fits", () => {
    expect(scaleBar(10, 110)).toEqual({ metres: 1000, px: 100 });
    expect(scaleBar(3, 110)).toEqual({ metres: 200, px: 200 / 3 });
  });
});
