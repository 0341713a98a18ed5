import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { renderApp } from "@/shared/testing/render";
import type { Bar } from "./bar-chart";
import { ChartCard } from "./chart-card";

const bars: Bar[] = [
  { key: "1", label: "1", title: "Monday, 1", value: 5000, valueText: "5.00 kWh", kind: "measured", kindText: "Measured" },
  { key: "2", label: "2", title: "Tuesday, 2", value: null, valueText: "–", kind: "missing", kindText: "Missing" },
  { key: "3", label: "3", title: "Wednesday, 3", value: 2500, valueText: "2.50 kWh", kind: "estimated", kindText: "Estimated" },
  { key: "4", label: "4", title: "Thursday, 4", value: null, valueText: "–", kind: "future", kindText: "Yet to come" },
];

const card = (
  <ChartCard
    title="Use per day"
    sentence="Three days."
    bars={bars}
    bucketLabel="Day"
    valueLabel="Use"
    unit="kWh"
    scale={1000}
  />
);

describe("a chart", () => {
  it("has a title, a sentence, and a legend of what occurs", () => {
    renderApp(card);
    expect(screen.getByRole("heading", { name: "Use per day" })).toBeVisible();
    expect(screen.getByText("Three days.")).toBeVisible();
    const legend = within(screen.getByRole("list", { name: "Legend" }));
    expect(legend.getAllByRole("listitem").map((item) => item.textContent)).toEqual(["Measured", "Estimated", "Missing"]);
  });

  it("draws each kind with a pattern of its own, and a missing day as an empty frame", () => {
    const { container } = renderApp(card);
    expect(container.querySelector(".bar-missing[fill^='url(']")).not.toBeNull();
    expect(container.querySelector(".bar-estimated[fill^='url(']")).not.toBeNull();
    expect(container.querySelector(".bar-measured")?.getAttribute("fill")).toBeNull();
  });

  it("is walked by the arrow keys, each step said", async () => {
    renderApp(card);
    const slider = screen.getByRole("slider", { name: "Use per day" });
    const say = () => slider.getAttribute("aria-valuetext");
    expect(say()).toBe("Wednesday, 3: 2.50 kWh, Estimated");
    slider.focus();
    await userEvent.keyboard("{Home}");
    expect(say()).toBe("Monday, 1: 5.00 kWh, Measured");
    await userEvent.keyboard("{ArrowRight}");
    expect(say()).toBe("Tuesday, 2: –, Missing");
    await userEvent.keyboard("{ArrowLeft}{ArrowLeft}{ArrowLeft}");
    expect(slider).toHaveAttribute("aria-valuenow", "1");
    await userEvent.keyboard("{End}");
    expect(slider).toHaveAttribute("aria-valuenow", "4");
  });

  it("turns into a table with the same numbers, without what has not come", async () => {
    renderApp(card);
    await userEvent.click(screen.getByRole("button", { name: "Show table" }));
    const rows = within(screen.getByRole("table")).getAllByRole("row").slice(1);
    expect(rows.map((row) => row.textContent)).toEqual(["Monday, 15.00 kWhMeasured", "Tuesday, 2–Missing", "Wednesday, 32.50 kWhEstimated"]);
    expect(screen.queryByRole("slider")).toBeNull();
  });
});
