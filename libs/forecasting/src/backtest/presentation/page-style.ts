export const pageStyle = `
:root { color-scheme: light; --judged: #1d5fd1; --baseline: #9aa3ad; --actual: #d5dbe1; --ideal: #c2410c; --ink: #1b2228; }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: #fff; max-width: 1000px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .25rem; } h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
p { margin: .25rem 0; max-width: 75ch; }
svg { max-width: 100%; height: auto; display: block; }
svg text { font-family: inherit; font-size: 12px; fill: var(--ink); }
svg .axis { font-size: 11px; fill: #68727c; } svg .value { font-size: 11px; } svg text.judged { font-weight: 600; fill: var(--judged); }
rect.judged, circle.judged { fill: var(--judged); } rect.baseline, circle.baseline { fill: var(--baseline); } rect.actual { fill: var(--actual); }
.line { fill: none; stroke-width: 1.2; } .line.judged { stroke: var(--judged); stroke-width: 2.2; } .line.baseline { stroke: var(--baseline); }
.grid { stroke: #eceff2; } .ideal { stroke: var(--ideal); stroke-dasharray: 4 3; }
.row { display: flex; flex-wrap: wrap; gap: 8px; }
.legend { color: #4b545c; } .key { display: inline-block; width: .8em; height: .8em; margin: 0 .3em 0 1em; }
.key.judged { background: var(--judged); } .key.baseline { background: var(--baseline); } .key.actual { background: var(--actual); }
.key.ideal { height: 0; border-top: 2px dashed var(--ideal); vertical-align: middle; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .6rem; text-align: right; border-bottom: 1px solid #e4e8eb; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; } tr.judged td { font-weight: 600; color: var(--judged); }
`;
