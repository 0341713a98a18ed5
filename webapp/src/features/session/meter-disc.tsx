/* The turning disc of an old meter, seen from above: rings, marks around the rim, one of them amber. */
export function MeterDisc() {
  const marks = Array.from({ length: 100 }, (_, i) => i);
  return (
    <svg className="meter-disc" viewBox="-200 -200 400 400" focusable="false">
      {[188, 150, 112, 74].map((r) => (
        <circle key={r} className="disc-ring" r={r} />
      ))}
      <g className="disc-turn">
        {marks.map((i) => (
          <line key={i} className={i === 0 ? "disc-mark is-first" : "disc-mark"} x1="0" x2="0" y1={i % 10 === 0 ? -164 : -174} y2="-186" transform={`rotate(${i * 3.6})`} />
        ))}
        <path className="disc-arc" d="M0 -112A112 112 0 0 1 112 0" />
        <path className="disc-arc is-thin" d="M-74 0A74 74 0 0 0 0 74" />
      </g>
      <path className="disc-spark" d="M14 -46-22 10h26l-10 40L34-12H8z" />
    </svg>
  );
}
