import type { ApiPicture, Picture, Shape } from "./picture.ts";

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const width = 960;
const margin = 16;
const rowHeight = 46;
const rowGap = 8;
const columns = { client: 16, api: 156, call: 172, callee: 500, source: 780 };
const widths = { client: 96, api: 292, call: 260, callee: 228, source: 164 };

const style = `
  svg { color-scheme: light dark; --ink: #1a2230; --dim: #55627a; --line: #8a97ad; --box: #ffffff; --api: #eef3fb; --accent: #2f5bd0; --back: #fbfcfe }
  @media (prefers-color-scheme: dark) { svg { --ink: #e8edf6; --dim: #a4b0c5; --line: #66748d; --box: #1c2330; --api: #151b26; --accent: #8fb0ff; --back: #0f141c } }
  .back { fill: var(--back) } .box { fill: var(--box); stroke: var(--line) } .api { fill: var(--api); stroke: var(--accent) }
  .arrow { stroke: var(--accent); stroke-width: 1.5; fill: none } .reads { stroke-dasharray: 4 4 } .head { fill: var(--accent) }
  text { font: 13px system-ui, sans-serif; fill: var(--ink) } .label { font-weight: 600 } .detail { font-size: 11px; fill: var(--dim) }`;

/** Draws the picture, in light or dark as its reader likes it. The same graph gives the same text. */
export function svgOf({ apis, surroundings }: Picture, title: string): string {
  let y = margin;
  const parts: string[] = [];
  for (const api of apis) {
    const height = 52 + api.calls.length * (rowHeight + rowGap) + rowGap;
    parts.push(drawApi(api, y, height));
    y += height + margin;
  }
  const perRow = 4;
  const boxWidth = (width - 2 * margin - (perRow - 1) * rowGap) / perRow;
  surroundings.forEach((shape, i) => {
    const row = Math.floor(i / perRow);
    const x = margin + (i % perRow) * (boxWidth + rowGap);
    parts.push(draw(shape, { x, y: y + row * (rowHeight + rowGap), width: boxWidth, height: rowHeight }));
  });
  const height = y + Math.ceil(surroundings.length / perRow) * (rowHeight + rowGap) - rowGap + margin;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
<style>${style}
</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path class="head" d="M0 0 8 4 0 8z"/></marker></defs>
<rect class="back" width="${width}" height="${height}" rx="8"/>
${parts.join("\n")}
</svg>
`;
}

function drawApi({ stage, calls }: ApiPicture, y: number, height: number): string {
  const box = { x: columns.api, y, width: widths.api, height };
  const rowAt = (i: number) => y + 52 + i * (rowHeight + rowGap);
  const middle = y + height / 2;
  const client: Shape = { label: "clients", detail: "wss + token", resources: [] };
  const clientBox = { x: columns.client, y: middle - rowHeight / 2, width: widths.client, height: rowHeight };
  return [
    draw(client, clientBox),
    arrow(columns.client + widths.client, columns.api, middle, true),
    draw(stage, box, "api"),
    ...calls.flatMap(({ caller, callee, answers, source }, i) => {
      const at = rowAt(i);
      const half = at + rowHeight / 2;
      const from = columns.call + widths.call;
      const row = { y: at, height: rowHeight };
      return [
        draw(caller, { x: columns.call, width: widths.call, ...row }),
        ...(callee
          ? [
              arrow(from, columns.callee, half, answers),
              draw(callee, { x: columns.callee, width: widths.callee, ...row }),
            ]
          : []),
        ...(source
          ? [
              arrow(columns.callee + widths.callee, columns.source, half, false, "arrow reads"),
              draw(sourceShape(source), { x: columns.source, width: widths.source, ...row }),
            ]
          : []),
      ];
    }),
  ].join("\n");
}

function sourceShape(source: string): Shape {
  const [label = "", detail = ""] = source.split(": ");
  return { label, detail, resources: [] };
}

/** A box with its texts; the resources behind it show when it is pointed at. */
function draw({ label, detail, resources }: Shape, box: Box, kind = "box"): string {
  const { x, y, width, height } = box;
  const names = resources.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
  const title = names.length > 0 ? `<title>${escaped(names.join("\n"))}</title>` : "";
  const line = (className: string, offset: number, text: string, size: number) =>
    `<text class="${className}" x="${x + 10}" y="${y + offset}">${escaped(cut(text, (width - 16) / size))}</text>`;
  return `<g>${title}<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>${line("label", 19, label, 7.2)}${line("detail", 36, detail, 5.6)}</g>`;
}

function arrow(from: number, to: number, y: number, bothWays = false, className = "arrow"): string {
  const start = bothWays ? ' marker-start="url(#head)"' : "";
  return `<path class="${className}" d="M${from + 3} ${y}H${to - 3}"${start} marker-end="url(#head)"/>`;
}

/** What fits into so many characters. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.floor(length) - 1)}…`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
