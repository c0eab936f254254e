import type { Page } from 'playwright-core';

/** What a designer would send back, in words; empty where there is nothing. */
export function auditPage(page: Page): Promise<string[]> {
  return page.evaluate(audit);
}

/**
 * Looks at the page: no box may be scrolled that a person cannot scroll back; no text may be cut off by its box, its field
 * or the window, be written over another, or have less contrast than WCAG 2.2 asks for (1.4.3: 4.5:1, large text 3:1).
 * Runs in the page, so it uses nothing outside itself.
 */
function audit(): string[] {
  interface Shown {
    readonly node: Node;
    readonly words: string;
    readonly element: Element;
    /** One line of the text, in pixels of the window. */
    readonly box: DOMRect;
    /** What of it is inside all boxes that clip or scroll. */
    readonly seen: DOMRect;
  }

  const window = new DOMRect(0, 0, innerWidth, innerHeight);
  const pen = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
  const colours = new Map<string, number[]>();
  const findings: string[] = [];
  for (const element of document.querySelectorAll('*')) {
    const { overflowY } = getComputedStyle(element);
    const isFixed = element === document.scrollingElement || /hidden|clip/.test(overflowY);
    if (isFixed && element.scrollTop > 0)
      findings.push(`${describe(element)} is scrolled, though nobody can scroll it`);
  }
  const shown = visibleTexts();
  for (const text of shown) {
    const cut = cutBy(text);
    if (cut !== null) findings.push(`“${text.words}” is cut off by ${cut}`);
  }
  for (const field of document.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input:not([type]), select')) {
    if (isTooNarrow(field)) findings.push(`“${textOf(field)}” does not fit into its ${field.tagName.toLowerCase()}`);
  }
  for (const [index, text] of shown.entries()) {
    for (const other of shown.slice(index + 1)) {
      if (overlap(text, other)) findings.push(`“${text.words}” and “${other.words}” overlap`);
    }
  }
  for (const { element, words } of new Map(shown.map((text) => [text.element, text])).values()) {
    const { ratio, needed } = contrast(element);
    if (ratio < needed) findings.push(`“${words}” has a contrast of ${ratio.toFixed(2)}, less than ${needed}`);
  }
  return [...new Set(findings)];

  function visibleTexts(): Shown[] {
    const dialog = document.querySelector('dialog[open]');
    const walker = document.createTreeWalker(dialog ?? document.body, NodeFilter.SHOW_TEXT);
    const texts: Shown[] = [];
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      const words = node.textContent?.trim() ?? '';
      if (words === '' || element === null || element.closest('select') !== null || isHidden(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        const seen = clipped(element, box);
        if (seen.width > 1 && seen.height > 1) texts.push({ node, words: words.slice(0, 60), element, box, seen });
      }
    }
    return texts;
  }

  /** Not shown, or shown to assistive technology only. */
  function isHidden(element: Element): boolean {
    return (
      !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) ||
      element.closest('.visually-hidden') !== null
    );
  }

  function ancestors(element: Element): Element[] {
    return element.parentElement === null ? [element] : [element, ...ancestors(element.parentElement)];
  }

  function intersect(a: DOMRect, b: DOMRect): DOMRect {
    const left = Math.max(a.left, b.left);
    const top = Math.max(a.top, b.top);
    const width = Math.max(0, Math.min(a.right, b.right) - left);
    return new DOMRect(left, top, width, Math.max(0, Math.min(a.bottom, b.bottom) - top));
  }

  function clipped(element: Element, box: DOMRect): DOMRect {
    const clips = ancestors(element).filter((one) => getComputedStyle(one).overflow !== 'visible');
    return clips.reduce((rest, one) => intersect(rest, one.getBoundingClientRect()), intersect(box, window));
  }

  /** The first box that clips the text where one cannot scroll to it; an ellipsis is well where a tooltip has the rest. */
  function cutBy({ element, box }: Shown): string | null {
    const scrolls = { x: false, y: false };
    for (const one of ancestors(element)) {
      const { overflowX, overflowY, textOverflow } = getComputedStyle(one);
      const clip = one === document.documentElement ? window : one.getBoundingClientRect();
      // A surface that is dragged about shows what a person drags into sight, as a box that scrolls does.
      const isDragged = one.matches('.react-flow');
      const hides = (overflow: string) =>
        !isDragged && (one === document.documentElement || /hidden|clip/.test(overflow));
      const isWell = textOverflow === 'ellipsis' && one.closest('[title]') !== null;
      const outsideX = box.left < clip.left - 1.5 || box.right > clip.right + 1.5;
      const outsideY = box.top < clip.top - 3 || box.bottom > clip.bottom + 3;
      if (!scrolls.x && outsideX && hides(overflowX) && !isWell) return `${describe(one)} sideways`;
      if (!scrolls.y && outsideY && hides(overflowY)) return `${describe(one)} above or below`;
      scrolls.x ||= /auto|scroll/.test(overflowX) || (outsideX && isWell) || isDragged;
      scrolls.y ||= /auto|scroll/.test(overflowY) || isDragged;
    }
    return null;
  }

  function textOf(field: HTMLInputElement | HTMLSelectElement): string {
    return field instanceof HTMLSelectElement ? (field.selectedOptions[0]?.text ?? '') : field.value;
  }

  function isTooNarrow(field: HTMLInputElement | HTMLSelectElement): boolean {
    const { font, paddingLeft, paddingRight, textOverflow } = getComputedStyle(field);
    if (textOverflow === 'ellipsis' && field.closest('[title]') !== null) return false;
    pen.font = font;
    const room = field.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
    return pen.measureText(textOf(field)).width > room + 1;
  }

  function describe(element: Element): string {
    const name = element.getAttribute('aria-label') ?? element.getAttribute('class') ?? '';
    return `<${element.tagName.toLowerCase()} ${name}>`;
  }

  /** Two texts on each other. What scrolls below a sticky head, or lies under a notice, is meant to. */
  function overlap(a: Shown, b: Shown): boolean {
    const both = intersect(a.seen, b.seen);
    if (a.node === b.node || both.width < 3 || both.height < 4) return false;
    const isAbove = (text: Shown) => text.element.closest('thead, [role=alert], [role=status]') !== null;
    return isAbove(a) === isAbove(b);
  }

  function contrast(element: Element): { ratio: number; needed: number } {
    const style = getComputedStyle(element);
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    // WCAG asks nothing of what cannot be used at present.
    if (element.closest(':disabled, [aria-disabled=true]') !== null) return { ratio: 21, needed: 0 };
    const line = ancestors(element).reverse();
    let background = [255, 255, 255];
    for (const one of line) background = over(colour(getComputedStyle(one).backgroundColor), background);
    const opacity = line.reduce((product, one) => product * Number(getComputedStyle(one).opacity), 1);
    const [red = 0, green = 0, blue = 0, alpha = 1] = colour(element instanceof SVGElement ? style.fill : style.color);
    const text = over([red, green, blue, alpha * opacity], background);
    const [darker = 0, lighter = 0] = [luminance(text), luminance(background)].sort((a, b) => a - b);
    return { ratio: (lighter + 0.05) / (darker + 0.05), needed: isLarge ? 3 : 4.5 };
  }

  /** Red, green, blue (0–255) and alpha (0–1) of any CSS colour: painted, and read back. */
  function colour(css: string): number[] {
    const known = colours.get(css);
    if (known !== undefined) return known;
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = css;
    pen.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = pen.getImageData(0, 0, 1, 1).data;
    const read = [red, green, blue, alpha / 255];
    colours.set(css, read);
    return read;
  }

  function over([red = 0, green = 0, blue = 0, alpha = 1]: number[], below: number[]): number[] {
    return [red, green, blue].map((channel, index) => alpha * channel + (1 - alpha) * (below[index] ?? 0));
  }

  /** Relative luminance (WCAG 2.2). */
  function luminance(rgb: number[]): number {
    const [red = 0, green = 0, blue = 0] = rgb.map((channel) => {
      const part = channel / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }
}
