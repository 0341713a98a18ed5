/* Auto, dark or light. Auto follows the system by CSS alone; a choice sets `data-theme` on the document, which the
   tokens know. */
import { createContext, use, useCallback, useMemo, useState, type ReactNode } from "react";
import { readStored, writeStored } from "@/shared/lib/stored";

export type Theme = "auto" | "light" | "dark";
export const THEMES: readonly Theme[] = ["auto", "light", "dark"];

const STORED = "quilowatt.theme";

interface ThemeValue {
  theme: Theme;
  setTheme: (theme: Theme) => void;
}

const ThemeContext = createContext<ThemeValue>({ theme: "auto", setTheme: () => undefined });

function storedTheme(): Theme {
  const stored = readStored(STORED);
  return stored === "light" || stored === "dark" ? stored : "auto";
}

function apply(theme: Theme): void {
  if (theme === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

/** Before the first render, so that the page does not flash. */
export function applyStoredTheme(): void {
  apply(storedTheme());
}

export function ThemeProvider({ children }: { children: ReactNode }) {
  const [theme, setState] = useState(storedTheme);
  const setTheme = useCallback((next: Theme) => {
    apply(next);
    writeStored(STORED, next === "auto" ? null : next);
    setState(next);
  }, []);
  const value = useMemo(() => ({ theme, setTheme }), [theme, setTheme]);
  return <ThemeContext value={value}>{children}</ThemeContext>;
}

export function useTheme(): ThemeValue {
  return use(ThemeContext);
}
