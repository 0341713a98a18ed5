/* The mark: a Q whose bowl is the disc of a meter and whose core is a spark. */
export function Logo({ size = 32 }: { size?: number }) {
  return (
    <svg className="logo" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect className="logo-ground" width="32" height="32" rx="9" />
      <path className="logo-ring" d="M23.4 21.6A9.2 9.2 0 1 1 25.2 16" />
      <path className="logo-spark" d="M17.8 9.6 13 16.9h4.4l-1.3 5.9" />
      <path className="logo-ring" d="m21.6 20.4 4.2 4.4" />
    </svg>
  );
}
