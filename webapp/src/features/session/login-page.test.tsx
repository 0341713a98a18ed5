import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { keys } from "@/api/queries";
import { answer, problem, renderApp, testQueryClient } from "@/shared/testing/render";
import { LoginPage } from "./login-page";

async function logIn(user: string, password: string): Promise<void> {
  await userEvent.type(screen.getByLabelText("Usuário"), user);
  await userEvent.type(screen.getByLabelText("Senha"), password);
  await userEvent.click(screen.getByRole("button", { name: "Entrar" }));
}

describe("logging in", () => {
  it("sends name and password, and keeps who it is", async () => {
    const me = { username: "maria", role: "customer", csrf_token: "t" };
    const fetched = vi.fn((request: Request) => request.json().then(() => answer(me)));
    vi.stubGlobal("fetch", fetched);
    const queryClient = testQueryClient();
    renderApp(<LoginPage expired={false} />, { language: "pt-BR", queryClient });
    await logIn(" maria", "secret");
    await vi.waitFor(() => expect(queryClient.getQueryData(keys.me)).toEqual(me));
    expect(fetched.mock.calls[0]?.[0].url).toMatch(/\/api\/v1\/session$/);
  });

  it("says that name or password are wrong, and not which", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(problem(401, "unauthorized")));
    renderApp(<LoginPage expired={false} />, { language: "pt-BR" });
    await logIn("maria", "wrong");
    expect(await screen.findByText("Usuário ou senha incorretos.")).toBeVisible();
    expect(screen.getByLabelText("Senha")).toHaveValue("");
  });

  it("says how long to wait after too many attempts", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("{}", { status: 429, headers: { "Retry-After": "8" } })));
    renderApp(<LoginPage expired={false} />, { language: "pt-BR" });
    await logIn("maria", "wrong");
    expect(await screen.findByText("Tentativas demais. Tente de novo em 8 segundos.")).toBeVisible();
  });

  it("asks for what is not filled in, without asking the server", async () => {
    const fetched = vi.fn();
    vi.stubGlobal("fetch", fetched);
    renderApp(<LoginPage expired />, { language: "pt-BR" });
    await userEvent.click(screen.getByRole("button", { name: "Entrar" }));
    expect(screen.getByText("Informe o usuário e a senha.")).toBeVisible();
    expect(screen.getByText(/Sua sessão terminou/)).toBeVisible();
    expect(fetched).not.toHaveBeenCalled();
  });
});
