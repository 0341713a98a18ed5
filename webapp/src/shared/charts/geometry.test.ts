import { describe, expect, it } from "vitest";
import { barPath, curvePoints, labelStride, niceScale, slotAt, slots, stepPath } from "./geometry";

describe("ticks", () => {
  it.each([
    [0, 0, [0, 1], 0],
    [-3, 0, [0, 1], 0],
    [0.09, 0, [0, 0.05, 0.1], 2],
    [0.3, 0, [0, 0.1, 0.2, 0.3], 1],
    [7, 0, [0, 2, 4, 6, 8], 0],
    [25.4, 0, [0, 10, 20, 30], 0],
    [3, 21, [-30, -20, -10, 0, 10], 0],
    [0, 4, [-4, -2, 0, 2], 0],
  ])("up to %f and down to %f are %j with %i digits", (up, down, ticks, digits) => {
    expect(niceScale(up, down)).toEqual({ ticks, digits });
  });

  it("always reach the greatest value, in few steps that can be told apart", () => {
    for (let most = 0.001; most < 1e7; most *= 1.37) {
      for (const down of [0, most / 3, most * 2]) {
        const { ticks, digits } = niceScale(most, down);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(most - 1e-9);
        expect(ticks[0]).toBeLessThanOrEqual(-down + 1e-9);
        expect(ticks.length).toBeLessThanOrEqual(8);
        expect(ticks.length).toBeGreaterThanOrEqual(3);
        expect(new Set(ticks.map((tick) => tick.toFixed(digits))).size).toBe(ticks.length);
      }
    }
  });
});

describe("columns", () => {
  it("fill the width without touching", () => {
    const columns = slots(31, 310);
    expect(columns).toHaveLength(31);
    columns.slice(1).forEach((column, i) => {
      const before = columns[i];
      expect(column.x).toBeGreaterThanOrEqual((before?.x ?? 0) + (before?.width ?? 0));
    });
    const last = columns.at(-1);
    expect((last?.x ?? 0) + (last?.width ?? 0)).toBeLessThanOrEqual(310);
  });

  it("stay visible when there are more than pixels", () => {
    expect(slots(1000, 300).every((column) => column.width > 0)).toBe(true);
  });

  it("are found under the pointer, also beside the chart", () => {
    expect(slotAt(0, 10, 100)).toBe(0);
    expect(slotAt(55, 10, 100)).toBe(5);
    expect(slotAt(-20, 10, 100)).toBe(0);
    expect(slotAt(500, 10, 100)).toBe(9);
  });

  it("are labelled as often as there is room, on whole hours where that is asked", () => {
    expect(labelStride(30, 1000, 26)).toBe(1);
    expect(labelStride(30, 300, 26)).toBe(3);
    expect(labelStride(96, 300, 48, [4, 8, 12, 16, 24])).toBe(16);
    expect(labelStride(96, 2000, 48, [4, 8, 12, 16, 24])).toBe(4);
  });
});

describe("paths", () => {
  it("of a low bar have corners no larger than the bar", () => {
    expect(barPath({ x: 0, width: 10 }, 100, 98, 4)).toBe("M0 100V100q0 -2 2 -2h6q2 0 2 2V100Z");
  });

  it("of energy that flows back hang below the base line", () => {
    expect(barPath({ x: 0, width: 10 }, 100, 120, 4)).toBe("M0 100V116q0 4 4 4h2q4 0 4 -4V100Z");
  });

  it("of a curve hold a value until the next one", () => {
    const xy = curvePoints([{ t: 0, v: 0 }, { t: 50, v: 100 }, { t: 100, v: 50 }], 0, 100, [0, 100], 200, 10);
    expect(xy).toEqual([{ x: 0, y: 10 }, { x: 100, y: 0 }, { x: 200, y: 5 }]);
    expect(stepPath(xy)).toBe("M0.0 10.0H100.0V0.0H200.0V5.0");
  });
});
