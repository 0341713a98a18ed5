import { LANGUAGES, type Language } from "@/shared/i18n/catalogue";
import { useI18n } from "@/shared/i18n/i18n";
import { THEMES, useTheme } from "@/shared/theme/theme";
import { Segmented } from "@/shared/ui/segmented";

const NAMES: Record<Language, string> = { "pt-BR": "Português", en: "English" };

/** Language and theme, side by side. */
export function Preferences({ showLegends = false }: { showLegends?: boolean }) {
  const { t, language, setLanguage } = useI18n();
  const { theme, setTheme } = useTheme();
  return (
    <div className="preferences">
      <Segmented
        legend={t("prefs.language")}
        showLegend={showLegends}
        value={language}
        onChange={setLanguage}
        options={LANGUAGES.map((value) => ({ value, label: NAMES[value] }))}
      />
      <Segmented
        legend={t("prefs.theme")}
        showLegend={showLegends}
        value={theme}
        onChange={setTheme}
        options={THEMES.map((value) => ({ value, label: t(`prefs.theme.${value}`) }))}
      />
    </div>
  );
}
