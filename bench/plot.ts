import type { Ratios } from './report.ts';

const colours = ['#8a8f98', '#b35c44', '#c9a227', '#3f7fbf', '#2a9d5c', '#7a5ca8'];
const width = 900;
const height = 340;
const frame = { left: 44, right: 12, top: 40, bottom: 36 };

/** Bars side by side: for each workload one per server, 1 being the hand-written service. */
export function barsSvg(ratios: Ratios): string {
  const servers = [...(ratios.values().next().value?.keys() ?? [])];
  const highest = Math.max(1.2, ...[...ratios.values()].flatMap((of) => [...of.values()]));
  const y = (ratio: number) =>
    height - frame.bottom - (ratio / highest) * (height - frame.top - frame.bottom);
  const group = (width - frame.left - frame.right) / ratios.size;
  const bar = (group * 0.8) / servers.length;

  const lines = [0, 0.25, 0.5, 0.75, 1].map(
    (ratio) =>
      `<line x1="${frame.left}" x2="${width - frame.right}" y1="${y(ratio)}" y2="${y(ratio)}" stroke="${ratio === 1 ? '#555' : '#ddd'}"/><text x="${frame.left - 8}" y="${y(ratio) + 4}" text-anchor="end">${ratio}</text>`,
  );
  const bars = [...ratios].flatMap(([workload, of], at) => {
    const left = frame.left + group * at + group * 0.1;
    const label = `<text x="${left + group * 0.4}" y="${height - 14}" text-anchor="middle">${workload}</text>`;
    const each = [...of.values()].map((ratio, index) => {
      const x = left + bar * index;
      return `<rect x="${x.toFixed(1)}" y="${y(ratio).toFixed(1)}" width="${(bar - 2).toFixed(1)}" height="${(y(0) - y(ratio)).toFixed(1)}" fill="${colours[index]}"/><text x="${(x + bar / 2 - 1).toFixed(1)}" y="${(y(ratio) - 4).toFixed(1)}" text-anchor="middle" font-size="9">${ratio.toFixed(2)}</text>`;
    });
    return [label, ...each];
  });
  const legend = servers.map(
    (name, index) =>
      `<rect x="${frame.left + index * 148}" y="12" width="12" height="12" fill="${colours[index]}"/><text x="${frame.left + 18 + index * 148}" y="22">${name}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#222"><title>Requests per second of processor time, the hand-written service being 1</title><rect width="100%" height="100%" fill="#fff"/>
${[...lines, ...bars, ...legend].join('\n')}
</svg>
`;
}
