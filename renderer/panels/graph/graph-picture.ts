import type { TensorSummary } from '../../../core/protocol/ops';
import type { ChartTheme } from '../../charts/chart-theme';
import { curveThrough } from './curve';
import { figure } from './figure';
import { boxSize, type GraphBox, type GraphEdge } from './layout';

const padding = 24;

/** The whole graph as one standalone SVG, whatever part of it is on the screen. */
export function graphSvg(
  boxes: readonly GraphBox[],
  edges: readonly GraphEdge[],
  tensors: ReadonlyMap<string, TensorSummary>,
  theme: Pick<ChartTheme, 'background' | 'text' | 'muted' | 'line' | 'danger' | 'font'>,
): { readonly svg: string; readonly width: number; readonly height: number } {
  const left = Math.min(...boxes.map(({ x }) => x)) - padding;
  const top = Math.min(...boxes.map(({ y }) => y)) - padding;
  const width = Math.max(...boxes.map(({ x }) => x)) + boxSize.width + padding - left;
  const height = Math.max(...boxes.map(({ y }) => y)) + boxSize.height + padding - top;
  const text = (x: number, y: number, colour: string, words: string) =>
    `<text x="${x}" y="${y}" fill="${colour}" text-anchor="middle">${escaped(words)}</text>`;

  const drawnEdges = edges.flatMap(({ from, points, label }) => {
    const tensor = tensors.get(from);
    const value = figure(tensor?.value ?? null);
    const gradient = figure(tensor?.gradient ?? null);
    return [
      `<path d="${curveThrough(points, -3)}" fill="none" stroke="${theme.muted}"/>`,
      tensor?.gradient == null
        ? ''
        : `<path d="${curveThrough(points, 3)}" fill="none" stroke="${theme.danger}" stroke-dasharray="4 3"/>`,
      value === null ? '' : text(label.x, label.y - 2, theme.text, value),
      gradient === null ? '' : text(label.x, label.y + 10, theme.danger, gradient),
    ];
  });
  const drawnBoxes = boxes.map(({ x, y, title, tensor, isNode, op }) => {
    const centre = x + boxSize.width / 2;
    const name = isNode || op === null ? text(centre, y + 32, theme.text, tensor) : '';
    return `<rect x="${x}" y="${y}" width="${boxSize.width}" height="${boxSize.height}" rx="3" fill="${theme.background}" stroke="${theme.line}"/>${text(centre, y + 16, theme.muted, title)}${name}`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${left} ${top} ${width} ${height}" font-family="${escaped(theme.font)}" font-size="10"><rect x="${left}" y="${top}" width="${width}" height="${height}" fill="${theme.background}"/>${drawnEdges.join('')}${drawnBoxes.join('')}</svg>`;
  return { svg, width, height };
}

const escaped = (words: string) =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
