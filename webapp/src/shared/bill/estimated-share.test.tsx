import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Bill } from "@/api/types";
import { createTranslate } from "@/shared/i18n/catalogue";
import { en } from "@/shared/i18n/messages/en";
import { qualitySentence } from "@/shared/charts/quality-sentence";
import { renderApp } from "@/shared/testing/render";
import { EstimatedShare } from "./estimated-share";

const bill = (part: Partial<Bill>) => ({ import_wh: 100_000, ...part }) as Bill;

describe("the estimated share of a bill", () => {
  it("is told in plain words", () => {
    renderApp(<EstimatedShare bill={bill({ estimated_wh: 12_340, estimated_cycles: 0, estimated_beyond: false })} />);
    expect(screen.getByText(/12\.3\skWh of it \(12\.3%\) are estimated/)).toBeVisible();
    expect(screen.queryByText(/in a row/)).toBeNull();
  });

  it("says for how many cycles, and that the meter is to be read", () => {
    renderApp(<EstimatedShare bill={bill({ estimated_wh: 90_000, estimated_cycles: 4, estimated_beyond: true })} />);
    expect(screen.getByText(/4 cycles in a row/)).toBeVisible();
    expect(screen.getByText(/must be read/)).toBeVisible();
  });

  it("is not there where everything was measured, or nothing is known of it", () => {
    const { container } = renderApp(
      <>
        <EstimatedShare bill={bill({ estimated_wh: 0 })} />
        <EstimatedShare bill={bill({})} />
      </>,
    );
    expect(container.textContent).toBe("");
  });
});

describe("the quality in a chart's sentence", () => {
  const t = createTranslate(en, "en");
  it("names each kind with its number", () => {
    const bars = (["measured", "missing", "partial", "partial", "edited", "estimated", "future"] as const).map((kind) => ({ kind }));
    expect(qualitySentence(bars, t)).toBe("1 bar is missing: no data, which is not zero. 1 bar is estimated. 1 bar was corrected. 2 bars are measured only in part.");
    expect(qualitySentence([{ kind: "measured" }, { kind: "ongoing" }], t)).toBe("");
  });
});
