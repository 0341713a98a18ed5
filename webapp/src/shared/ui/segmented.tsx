/* A choice of a few, all visible: radio buttons that look like one control. */
import { useId } from "react";

export interface SegmentedProps<V extends string> {
  legend: string;
  options: readonly { value: V; label: string }[];
  value: V;
  onChange: (value: V) => void;
  showLegend?: boolean;
}

export function Segmented<V extends string>({ legend, options, value, onChange, showLegend = false }: SegmentedProps<V>) {
  const name = useId();
  return (
    <fieldset className="segmented-field">
      <legend className={showLegend ? "segmented-legend" : "visually-hidden"}>{legend}</legend>
      <div className="segmented">
        {options.map((option) => (
          <label key={option.value} className="segment">
            <input type="radio" name={name} value={option.value} checked={option.value === value} onChange={() => onChange(option.value)} />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
