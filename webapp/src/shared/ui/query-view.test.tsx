import { useQuery } from "@tanstack/react-query";
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { ApiError, UnreachableError } from "@/api/errors";
import { renderApp, testQueryClient } from "@/shared/testing/render";
import { QueryView } from "./query-view";

function Probe({ load }: { load: () => Promise<string> }) {
  const query = useQuery({ queryKey: ["probe"], queryFn: load });
  return (
    <QueryView query={query} skeleton={<div data-testid="skeleton" />}>
      {(data) => <p>{data}</p>}
    </QueryView>
  );
}

const serverError = () =>
  new ApiError(500, { type: "urn:quilowatt:problem:internal", title: "Internal", status: 500, detail: "x", request_id: "r-77" }, null);

describe("what is seen of a query", () => {
  it("is a skeleton, said to be loading, while it waits", () => {
    renderApp(<Probe load={() => new Promise(() => undefined)} />);
    expect(screen.getByTestId("skeleton")).toBeInTheDocument();
    expect(screen.getByRole("status")).toHaveTextContent("Loading…");
  });

  it("is the data", async () => {
    renderApp(<Probe load={() => Promise.resolve("here")} />);
    expect(await screen.findByText("here")).toBeVisible();
  });

  it("is the reason of a failure, a reference, and a way to try again", async () => {
    const load = vi.fn<() => Promise<string>>().mockRejectedValueOnce(serverError()).mockResolvedValue("here");
    renderApp(<Probe load={load} />);
    expect(await screen.findByRole("alert")).toHaveTextContent("The server has a problem. It is not your doing.");
    expect(screen.getByText("Reference for support: r-77")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("here")).toBeVisible();
  });

  it.each([
    [new UnreachableError(null), "could not be reached"],
    [new ApiError(403, null, null), "may not see or do this"],
    [new ApiError(429, null, 3), "Too many requests"],
    [new Error("bug"), "Something unexpected"],
  ])("says why: %s", async (error, words) => {
    renderApp(<Probe load={() => Promise.reject(error)} />);
    expect(await screen.findByRole("alert")).toHaveTextContent(words);
  });

  it("is the old data, dated and dimmed, when refreshing failed", async () => {
    const queryClient = testQueryClient();
    queryClient.setQueryData(["probe"], "old");
    renderApp(<Probe load={() => Promise.reject(serverError())} />, { queryClient });
    expect(await screen.findByText(/Could not refresh\. This is as of/)).toBeVisible();
    expect(screen.getByText("old").parentElement).toHaveClass("is-stale");
  });
});
