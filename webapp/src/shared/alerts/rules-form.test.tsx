import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { answer, problem, renderApp } from "@/shared/testing/render";
import { RulesForm } from "./rules-form";

/** A server with one set of rules and their version. */
class Server {
  rules: unknown = { excess_consumption: { enabled: true, day_wh: 12_500 }, bill_variation: { enabled: true } };
  version = 1;
  puts: { match: string | null; body: unknown }[] = [];

  fetch = async (request: Request): Promise<Response> => {
    if (request.method === "GET") return answer(this.rules, 200, { ETag: `"${this.version}"` });
    const match = request.headers.get("If-Match");
    const body: unknown = await request.json();
    this.puts.push({ match, body });
    if (match !== `"${this.version}"`) return problem(412, "precondition_failed");
    this.rules = body;
    this.version += 1;
    return answer(body, 200, { ETag: `"${this.version}"` });
  };
}

let server: Server;
beforeEach(() => {
  server = new Server();
  vi.stubGlobal("fetch", server.fetch);
});

const day = () => screen.findByRole("textbox", { name: "Consumo de um dia acima de" });
const save = () => userEvent.click(screen.getByRole("button", { name: "Salvar" }));

describe("the rules of a meter", () => {
  it("are shown in kilowatt-hours of the language, and saved in Wh with the version that was read", async () => {
    renderApp(<RulesForm meterId="casa-42" />, { language: "pt-BR" });
    const input = await day();
    expect(input).toHaveValue("12,5");
    await userEvent.clear(input);
    await userEvent.type(input, "9,25");
    await save();
    expect(await screen.findByText("Salvo. Já está valendo.")).toBeVisible();
    expect(server.puts).toEqual([{ match: '"1"', body: { excess_consumption: { enabled: true, day_wh: 9250 }, bill_variation: { enabled: true } } }]);
    await save();
    expect(server.puts[1]?.match).toBe('"2"');
  });

  it("are not sent while they are wrong", async () => {
    renderApp(<RulesForm meterId="casa-42" />, { language: "pt-BR" });
    const input = await day();
    await userEvent.clear(input);
    await userEvent.type(input, "muito");
    await save();
    expect(input).toBeInvalid();
    expect(input).toHaveAccessibleDescription(/Informe quilowatts-hora acima de 0/);
    expect(server.puts).toEqual([]);
  });

  it("are shown anew when somebody else was faster", async () => {
    renderApp(<RulesForm meterId="casa-42" />, { language: "pt-BR" });
    const input = await day();
    server.rules = { excess_consumption: { enabled: true, day_wh: 30_000 } };
    server.version = 7;
    await userEvent.clear(input);
    await userEvent.type(input, "5");
    await save();
    expect(await screen.findByRole("alert")).toHaveTextContent("Alguém mudou estes limites");
    await waitFor(() => expect(input).toHaveValue("30"));
    await save();
    expect(await screen.findByText("Salvo. Já está valendo.")).toBeVisible();
  });
});
