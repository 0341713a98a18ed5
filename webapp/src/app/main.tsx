/* The start: language and session are asked for at the same time, then the first render. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { onSessionExpired } from "@/api/client";
import { ApiError } from "@/api/errors";
import { keys, queries } from "@/api/queries";
import { I18nProvider, initialLanguage, loadCatalogue } from "@/shared/i18n/i18n";
import { applyStoredTheme, ThemeProvider } from "@/shared/theme/theme";
import { App } from "./app";
import "./styles/index.css";

const MOST_TRIES = 2;

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 20_000,
      // What the server refused it will refuse again; what did not arrive may arrive now.
      retry: (failures, error) => failures < MOST_TRIES && !(error instanceof ApiError && error.status < 500),
      retryDelay: (failures) => Math.min(8000, 500 * 2 ** failures) * (0.5 + Math.random() / 2),
    },
  },
});

onSessionExpired(() => {
  if (queryClient.getQueryData(keys.me) == null) return;
  queryClient.setQueryData(keys.expired, true);
  queryClient.setQueryData(keys.me, null);
});

async function start(): Promise<void> {
  applyStoredTheme();
  const language = initialLanguage();
  document.documentElement.lang = language;
  void queryClient.prefetchQuery(queries.me());
  const catalogue = await loadCatalogue(language);
  const root = document.getElementById("root");
  if (root === null) throw new Error("no #root in the page");
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <I18nProvider language={language} catalogue={catalogue}>
          <ThemeProvider>
            <BrowserRouter>
              <App />
            </BrowserRouter>
          </ThemeProvider>
        </I18nProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}

void start();
