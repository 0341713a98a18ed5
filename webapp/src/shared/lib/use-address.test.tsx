import { fireEvent, screen } from "@testing-library/react";
import { Link } from "react-router";
import { expect, it } from "vitest";
import { renderApp } from "@/shared/testing/render";
import { useAddress } from "./use-address";

/** A press makes all of these changes before the address can be drawn. */
function Shown({ changes }: { changes: readonly Record<string, string>[] }) {
  const [params, change] = useAddress();
  return (
    <>
      <output>{params.toString()}</output>
      <button type="button" onClick={() => changes.forEach(change)}>
        change
      </button>
      <Link to="?meter=casa-2">elsewhere</Link>
    </>
  );
}
const press = (words: string) => fireEvent.click(screen.getByText(words));
const shown = () => screen.getByRole("status").textContent;

it("keeps every change of those made before the address is drawn", () => {
  renderApp(<Shown changes={[{ meter: "" }, { district: "centro" }, { from: "2026-11-01" }]} />, { path: "/?meter=casa-1&verdict=spike" });
  press("change");
  expect(shown()).toBe("verdict=spike&district=centro&from=2026-11-01");
});

it("starts from where a link led", () => {
  renderApp(<Shown changes={[{ from: "2026-11-01" }]} />, { path: "/?verdict=spike" });
  press("change");
  press("elsewhere");
  expect(shown()).toBe("meter=casa-2");
  press("change");
  expect(shown()).toBe("meter=casa-2&from=2026-11-01");
});
