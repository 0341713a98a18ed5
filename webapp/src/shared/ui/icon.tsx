/* A few line icons on a 24-unit grid. They never stand alone: a label says the same in words. */
const PATHS = {
  home: "M4 11.5 12 4l8 7.5M6 10v9.5h4.5V14h3v5.5H18V10",
  chart: "M4 20V4m0 16h16M8.5 16.5v-5m4 5V7m4 9.5v-3.5",
  bill: "M6 3.5h12v17l-2.4-1.6-2.4 1.6-2.4-1.6-2.4 1.6L6 20.5zM9 8h6M9 11.5h6M9 15h3.5",
  bell: "M6 17h12l-1.4-2.2V10a4.6 4.6 0 0 0-9.2 0v4.8zM10 17.5a2 2 0 0 0 4 0",
  grid: "M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z",
  menu: "M4.5 7h15M4.5 12h15M4.5 17h15",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.5 20a7.5 7.5 0 0 1 15 0",
  left: "m14.5 6-6 6 6 6",
  right: "m9.5 6 6 6-6 6",
  check: "m5 12.5 4.5 4.5L19 7.5",
  warning: "M12 4.5 21 19.5H3zM12 10v4.2M12 16.8v.2",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 11v5.2M12 7.8V8",
  offline: "M3.5 9.5a12 12 0 0 1 5-2.8M20.5 9.5a12 12 0 0 0-7-3.3M6.8 13.2a7.5 7.5 0 0 1 3-1.8M17.2 13.2a7.5 7.5 0 0 0-1.7-1.2M12 18v.2M4 4l16 16",
  refresh: "M19.5 12a7.5 7.5 0 1 1-2.2-5.3M19.5 4v4h-4",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M15.5 15.5 20 20",
  table: "M4 5h16v14H4zM4 10h16M4 14.5h16M10 10v9",
  print: "M7 8.5V4h10v4.5M7 17H4.5V9h15v8H17M7 14h10v6H7z",
  close: "M6 6l12 12M18 6 6 18",
  pin: "M12 21c-4-4.4-6.5-7.7-6.5-11a6.5 6.5 0 0 1 13 0c0 3.300-2.500 6.600-6.500 11M12 12.200a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
