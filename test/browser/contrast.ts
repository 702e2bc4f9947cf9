import type { Locator } from 'playwright-core';

/** The contrast of an element's text with what is behind it, as WCAG 2 has it. */
export const contrastOf = (element: Locator): Promise<number> =>
  element.evaluate((node) => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const paint = (colors: readonly string[]): readonly number[] => {
      for (const color of colors) {
        if (!canvas) break;
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
      }
      return [...(canvas?.getImageData(0, 0, 1, 1).data ?? [])];
    };
    const behind: string[] = [];
    for (let each: Element | null = node; each; each = each.parentElement)
      behind.unshift(getComputedStyle(each).backgroundColor);
    const light = (colors: readonly string[]): number => {
      const [r = 0, g = 0, b = 0] = paint(colors).map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const [high = 0, low = 0] = [light(behind), light([...behind, getComputedStyle(node).color])].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  });
