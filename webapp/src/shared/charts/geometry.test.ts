import { describe, expect, it } from "vitest";
import { barPath, curvePoints, labelStride, niceTicks, slotAt, slots, stepPath } from "./geometry";

describe("ticks", () => {
  it.each([
    [0, [0, 1]],
    [-3, [0, 1]],
    [0.3, [0, 0.1, 0.2, 0.3]],
    [7, [0, 2, 4, 6, 8]],
    [25.4, [0, 10, 20, 30]],
    [100, [0, 25, 50, 75, 100]],
  ])("up to %f are %j", (most, ticks) => {
    expect(niceTicks(most)).toEqual(ticks);
  });

  it("always reach the greatest value, in few steps", () => {
    for (let most = 0.001; most < 1e7; most *= 1.37) {
      const ticks = niceTicks(most);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(most);
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect(ticks.length).toBeGreaterThanOrEqual(3);
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

  it("of a curve hold a value until the next one", () => {
    const xy = curvePoints([{ t: 0, v: 0 }, { t: 50, v: 100 }, { t: 100, v: 50 }], 0, 100, 100, 200, 10);
    expect(xy).toEqual([{ x: 0, y: 10 }, { x: 100, y: 0 }, { x: 200, y: 5 }]);
    expect(stepPath(xy)).toBe("M0.0 10.0H100.0V0.0H200.0V5.0");
  });
});
