import type { Page } from "playwright-core";

/** The roles of controls and landmarks, of which each must have a name. */
const named = "(button|textbox|combobox|checkbox|link|img|list|log|region|form|group|table)";

/** What assistive technology finds without a name, as lines of the page's accessibility tree. */
export async function unnamed(page: Page): Promise<string[]> {
  const tree = await page.locator("body").ariaSnapshot();
  return tree.split("\n").filter((line) => new RegExp(`^\\s*- ${named}\\b(?! ")`).test(line));
}

/**
 * Texts whose contrast with what is behind them is below 4.5 (WCAG 2, level AA), with the contrast. What is disabled or
 * not rendered does not count.
 * @throws {Error} if it finds no text, for then it would prove nothing
 */
export async function faintTexts(page: Page): Promise<string[]> {
  const { seen, faint } = await page.locator("body").evaluate((body) => {
    const { getComputedStyle } = body.ownerDocument.defaultView;
    const numbers = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (color: string) => {
      const [red = 0, green = 0, blue = 0] = numbers(color).map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const behind = (element: typeof body): string => {
      if (!element) return "rgb(255, 255, 255)";
      const { backgroundColor } = getComputedStyle(element);
      return numbers(backgroundColor)[3] === 0 ? behind(element.parentElement) : backgroundColor;
    };
    const texts: (typeof body)[] = [...body.querySelectorAll("*")].filter(
      (element) =>
        element.checkVisibility() &&
        !element.matches(":disabled, option") &&
        [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== ""),
    );
    const faint = texts.flatMap((element) => {
      const lights = [getComputedStyle(element).color, behind(element)].map(luminance);
      const contrast = (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
      return contrast < 4.5 ? [`${contrast.toFixed(2)} ${element.textContent.slice(0, 40)}`] : [];
    });
    return { seen: texts.length, faint };
  });
  if (seen === 0) throw new Error("there is no text to look at");
  return faint;
}
