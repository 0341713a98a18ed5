/* Short names for the contract's schemas, so that components do not spell out the generated paths. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Me = Schemas["Me"];
export type MyMeter = Me["meters"][number];
export type Role = Schemas["Role"];
export type Meter = Schemas["Meter"];
export type MeterState = Schemas["MeterState"];
export type MeterPage = Schemas["MeterPage"];
export type Reading = Schemas["Reading"];
export type ReadingPage = Schemas["ReadingPage"];
export type Series = Schemas["Series"];
export type Bucket = Schemas["Bucket"];
export type Quality = Schemas["Quality"];
export type Bill = Schemas["Bill"];
export type BillLine = Schemas["BillLine"];
export type BillState = Schemas["BillState"];
export type Alert = Schemas["Alert"];
export type AlertKind = Schemas["AlertKind"];
export type AlertRules = Schemas["AlertRules"];
export type AlertState = Schemas["AlertState"];
export type Severity = Schemas["Severity"];
export type FleetSummary = Schemas["FleetSummary"];
export type Verdict = Schemas["Verdict"];
export type VerdictName = Schemas["VerdictName"];
export type CheckName = Schemas["CheckName"];
export type QualityDay = Schemas["QualityDay"];
export type MeterEvent = Schemas["Event"];
export type Outages = Schemas["Outages"];
export type EstimatePreview = Schemas["EstimatePreview"];
export type VerdictPlace = Schemas["VerdictPlace"];
export type Estimate = Schemas["Estimate"];
export type NewEstimate = Schemas["NewEstimate"];
export type Problem = Schemas["Problem"];
