/* Renders a component as the app would: a language, a router, and a query client that does not try twice. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, type RenderResult } from "@testing-library/react";
import type { ReactNode } from "react";
import { MemoryRouter } from "react-router";
import type { Language } from "@/shared/i18n/catalogue";
import { I18nProvider } from "@/shared/i18n/i18n";
import { en } from "@/shared/i18n/messages/en";
import { operatorEn } from "@/shared/i18n/messages/operator.en";
import { operatorPtBR } from "@/shared/i18n/messages/operator.pt-BR";
import { ptBR } from "@/shared/i18n/messages/pt-BR";

export interface RenderOptions {
  language?: Language;
  queryClient?: QueryClient;
  path?: string;
}

export function testQueryClient(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { retry: false }, mutations: { retry: false } } });
}

export function renderApp(children: ReactNode, { language = "en", queryClient = testQueryClient(), path = "/" }: RenderOptions = {}): RenderResult {
  return render(
    <QueryClientProvider client={queryClient}>
      <I18nProvider language={language} catalogue={language === "en" ? { ...en, ...operatorEn } : { ...ptBR, ...operatorPtBR }}>
        <MemoryRouter initialEntries={[path]}>{children}</MemoryRouter>
      </I18nProvider>
    </QueryClientProvider>,
  );
}

/** An answer as the API gives it. */
export function answer(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  const type = status >= 400 ? "application/problem+json" : "application/json";
  return new Response(body === null ? null : JSON.stringify(body), { status, headers: { "Content-Type": type, ...headers } });
}

export function problem(status: number, code: string): Response {
  return answer({ type: `urn:quilowatt:problem:${code}`, title: code, status, detail: code }, status);
}
