/* Household screens are about one meter. Who has none is told so. */
import type { ReactNode } from "react";
import type { MyMeter } from "@/api/types";
import { useI18n } from "@/shared/i18n/i18n";
import { useSelectedMeter } from "@/shared/meters/selected";
import { Page } from "@/shared/ui/page";
import { Empty } from "@/shared/ui/states";

export function WithMeter({ title, children }: { title: string; children: (meter: MyMeter) => ReactNode }) {
  const { t } = useI18n();
  const { meter } = useSelectedMeter();
  if (meter === null) {
    return (
      <Page title={title}>
        <Empty title={t("household.no_meter.title")} reason={t("household.no_meter.reason")} />
      </Page>
    );
  }
  return <>{children(meter)}</>;
}
