/* The addresses. The household's home is in the first script; everything else comes when it is asked for. */
import { lazy, Suspense } from "react";
import { Navigate, Route, Routes } from "react-router";
import type { Me } from "@/api/types";
import { HomePage } from "@/features/household/home-page";
import { useI18n } from "@/shared/i18n/i18n";
import { isOperator } from "@/shared/session/session";
import { Page } from "@/shared/ui/page";
import { Empty, Skeleton, Waiting } from "@/shared/ui/states";

const UsagePage = lazy(async () => ({ default: (await import("@/features/household/usage-page")).UsagePage }));
const BillsPage = lazy(async () => ({ default: (await import("@/features/household/bills-page")).BillsPage }));
const ComparePage = lazy(async () => ({ default: (await import("@/features/household/compare-page")).ComparePage }));
const BillPage = lazy(async () => ({ default: (await import("@/features/household/bill-page")).BillPage }));
const AlertsPage = lazy(async () => ({ default: (await import("@/features/household/alerts-page")).AlertsPage }));
const OperatorMessages = lazy(async () => ({ default: (await import("@/shared/i18n/operator-messages")).OperatorMessages }));
const FleetPage = lazy(async () => ({ default: (await import("@/features/operator/fleet-page")).FleetPage }));
const MeterPage = lazy(async () => ({ default: (await import("@/features/operator/meter-page")).MeterPage }));
const StoryPage = lazy(async () => ({ default: (await import("@/features/operator/story-page")).StoryPage }));
const ExceptionsPage = lazy(async () => ({ default: (await import("@/features/operator/exceptions-page")).ExceptionsPage }));
const RunsPage = lazy(async () => ({ default: (await import("@/features/operator/runs-page")).RunsPage }));
const RunPage = lazy(async () => ({ default: (await import("@/features/operator/run-page")).RunPage }));
const OperatorAlertsPage = lazy(async () => ({ default: (await import("@/features/operator/alerts-page")).OperatorAlertsPage }));

export function AppRoutes({ me }: { me: Me }) {
  return (
    <Suspense
      fallback={
        <Waiting>
          <Skeleton height={520} />
        </Waiting>
      }
    >
      {isOperator(me) ? (
        <Routes>
          <Route path="/" element={<Navigate to="/fleet" replace />} />
          <Route element={<OperatorMessages />}>
            <Route path="/fleet" element={<FleetPage />} />
            <Route path="/fleet/:meterId" element={<MeterPage />} />
            <Route path="/fleet/:meterId/story" element={<StoryPage />} />
            <Route path="/exceptions" element={<ExceptionsPage />} />
            <Route path="/runs" element={<RunsPage />} />
            <Route path="/runs/:runId" element={<RunPage />} />
          </Route>
          <Route path="/alerts" element={<OperatorAlertsPage />} />
          <Route path="/alerts/:alertId" element={<OperatorAlertsPage />} />
          <Route path="/bills/:billId" element={<BillPage />} />
          <Route path="*" element={<Unknown />} />
        </Routes>
      ) : (
        <Routes>
          <Route path="/" element={<HomePage />} />
          <Route path="/usage" element={<UsagePage />} />
          <Route path="/bills" element={<BillsPage />} />
          <Route path="/bills/:billId" element={<BillPage />} />
          <Route path="/tariffs" element={<ComparePage />} />
          <Route path="/alerts" element={<AlertsPage />} />
          <Route path="*" element={<Unknown />} />
        </Routes>
      )}
    </Suspense>
  );
}

function Unknown() {
  const { t } = useI18n();
  return (
    <Page title={t("unknown.title")}>
      <Empty title={t("unknown.nothing")} reason={t("unknown.reason")} />
    </Page>
  );
}
