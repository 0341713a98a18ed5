import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderApp } from "@/shared/testing/render";
import { PdfLink } from "./pdf-link";

describe("the link to a bill on paper", () => {
  it("asks for it in the language of the page, whatever stands in the id", () => {
    renderApp(<PdfLink bill={{ bill_id: "casa.1 a/b-2026-10-01" }} />);
    const link = screen.getByRole("link", { name: "Download PDF" });
    expect(link).toHaveAttribute("href", "/api/v1/bills/casa.1%20a%2Fb-2026-10-01.pdf?lang=en");
    expect(link).toHaveAttribute("download");
  });
});
