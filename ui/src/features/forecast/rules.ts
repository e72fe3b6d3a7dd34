// Staffing rules as they are tried and edited: copies, never the ones that came.
import type { ShrinkageKind, StaffingRules } from "@/lib/ipc";

export const SHRINKAGE: readonly ShrinkageKind[] = ["leave", "sickness", "training", "meetings", "breaks", "other"];

/** All parts together, as shown at the foot of a form. */
export function shrinkageShare(rules: StaffingRules): number {
  return rules.shrinkage.reduce((sum, { share }) => sum + (share ?? 0), 0);
}

/** Another whole, its parts in the same proportion. */
export function withShrinkage(rules: StaffingRules, share: number): StaffingRules {
  const whole = shrinkageShare(rules);
  if (whole === 0) return { ...rules, shrinkage: [{ kind: "other", share }] };
  return { ...rules, shrinkage: rules.shrinkage.map((part) => ({ ...part, share: ((part.share ?? 0) * share) / whole })) };
}

/** A share of one as typed per cent, without what floating point adds. */
export const toPercent = (share: number | null): number | null => (share === null ? null : Math.round(share * 1000) / 10);
export const fromPercent = (percent: number | null): number | null => (percent === null ? null : percent / 100);
