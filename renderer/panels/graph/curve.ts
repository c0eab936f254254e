import type { GraphPoint } from './layout';

/** A smooth SVG path through the points, moved sideways by `shift`: it bends between them and ends at both ends. */
export function curveThrough(points: readonly GraphPoint[], shift: number): string {
  const [first, ...rest] = points;
  const last = rest.pop();
  if (first === undefined || last === undefined) return '';
  const at = ({ x, y }: GraphPoint) => `${(x + shift).toFixed(1)} ${y.toFixed(1)}`;
  const bends = rest.map((point, index) => {
    const next = rest[index + 1] ?? last;
    const end = index === rest.length - 1 ? last : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${at(point)} ${at(end)}`;
  });
  return `M${at(first)}${bends.length === 0 ? `L${at(last)}` : bends.join('')}`;
}
